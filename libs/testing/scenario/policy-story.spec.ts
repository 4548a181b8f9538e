import { describe, expect, it } from '@jest/globals';
import { Injectable } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { IsInt, IsString, IsUUID } from 'class-validator';

import {
  Aggregate,
  Command,
  DomainError,
  Event,
  fold,
  Message,
  on,
  policy,
  Repository,
  schedule,
  send,
  unschedule,
  type Consequence,
} from '#kernel';
import { repository } from '#platform/engine/aggregate-repository.js';
import { ContextWorkerModule } from '#platform/engine/context-worker-module.js';

import { openStories } from './open-stories.js';
import { policyStory } from './policy-story.js';

const plantId = '0196a1de-0000-7000-8000-000000000001';

@Command('garden.water_plant.v1', 'plantId')
class WaterPlant extends Message<WaterPlant> {
  @IsUUID() readonly plantId!: string;
  @IsInt() readonly litres!: number;
}

@Event('plant.planted.v1', 'plantId')
class PlantPlanted extends Message<PlantPlanted> {
  @IsUUID() readonly plantId!: string;
  @IsString() readonly name!: string;
}

@Event('plant.withered.v1', 'plantId')
class PlantWithered extends Message<PlantWithered> {
  @IsUUID() readonly plantId!: string;
}

@Event('plant.weighed.v1', 'plantId')
class PlantWeighed extends Message<PlantWeighed> {
  @IsUUID() readonly plantId!: string;
}

@Event('weather.changed.v1', 'placeId')
class WeatherChanged extends Message<WeatherChanged> {
  @IsUUID() readonly placeId!: string;
}

@Event('plant.moved.v1', 'plantId')
class PlantMoved extends Message<PlantMoved> {
  @IsUUID() readonly plantId!: string;
}

class PlantNotFound extends DomainError {
  readonly kind = 'not_found';
  readonly reason = 'plant_not_found';
}

class Plant extends Aggregate<{ readonly name: string }> {
  static readonly streamType = 'garden.plant';
  static readonly NotFound = PlantNotFound;
  protected readonly evolve = fold<{ readonly name: string }>(
    on(PlantPlanted, (_, { name }) => ({ name })),
    on(PlantWithered, (plant) => plant),
  );
}

abstract class PlantRepository extends Repository<Plant> {}

abstract class RainGauge {
  abstract litres(plantId: string): Promise<number>;
}

@CommandHandler(WaterPlant)
class WaterPlantHandler implements ICommandHandler<WaterPlant> {
  async execute(): Promise<void> {}
}

let runs = 0;
const inAnHour = ({ occurredAt }: { occurredAt: Date }): Date => new Date(occurredAt.getTime() + 3_600_000);

@ContextWorkerModule({
  name: 'garden',
  handlers: [WaterPlantHandler],
  projections: [],
  policies: [
    policy('garden.water_new_plants', PlantPlanted, {
      then: (plant, _, meta): readonly Consequence[] => [
        send(new WaterPlant({ plantId: plant.plantId, litres: 2 }), 'now'),
        schedule(new WaterPlant({ plantId: plant.plantId, litres: 1 }), inAnHour(meta), 'later'),
      ],
    }),
    policy('garden.forget_dead_plants', PlantWithered, { then: (plant) => [unschedule(WaterPlant, plant.plantId)] }),
    policy('garden.water_after_rain', WeatherChanged, {
      from: RainGauge,
      rows: (gauge, { placeId }) => gauge.litres(placeId),
      then: ({ placeId }, litres) => (litres > 0 ? [send(new WaterPlant({ plantId: placeId, litres }))] : []),
    }),
    policy('garden.roll_dice', PlantMoved, {
      then: (plant) => [send(new WaterPlant({ plantId: plant.plantId, litres: ++runs }))],
    }),
  ],
  ports: [
    repository(PlantRepository, Plant),
    { provide: RainGauge, useFactory: () => Promise.reject(new Error('there is no gauge here')) },
  ],
})
class GardenModule {}

@Injectable()
class FixedGauge extends RainGauge {
  async litres(): Promise<number> {
    return 7;
  }
}

/** Keeps what it was asked in sight, which no double may. */
@Injectable()
class CountingGauge extends RainGauge {
  asked = 0;

  async litres(): Promise<number> {
    this.asked++;
    return 1;
  }
}

const doubles = [{ provide: RainGauge, useClass: FixedGauge }];
const story = () => policyStory(GardenModule, { doubles });
const planted = new PlantPlanted({ plantId, name: 'Basil' });
const water = (litres: number): WaterPlant => new WaterPlant({ plantId, litres });
const both = [send(water(2), 'now'), schedule(water(1), new Date('2026-03-01T11:00:00Z'), 'later')] as const;

describe('A story of a policy', () => {
  it('tells what is sent, what is scheduled, and when', () =>
    story()
      .on(planted)
      .then(...both));

  it('tells what is taken back', () =>
    story().given(planted).on(new PlantWithered({ plantId })).then(unschedule(WaterPlant, plantId)));

  it('happens when it says', () =>
    story()
      .on(planted)
      .at('2030-01-01T00:00:00Z')
      .then(both[0], schedule(water(1), new Date('2030-01-01T01:00:00Z'), 'later')));

  it('gives a policy the rows of its port, also for an event of another context', () =>
    story()
      .on(new WeatherChanged({ placeId: plantId }))
      .then(send(water(7))));
});

describe('A story of a policy fails', () => {
  const failure = (work: Promise<void>): Promise<string> =>
    work.then(
      () => 'it passed',
      (error: unknown) => (error as Error).message,
    );

  it.each([
    ['something is missing', [both[0]]],
    ['the order is another', [both[1], both[0]]],
    ['a field is another', [send(water(3), 'now'), both[1]]],
    ['a target is another', [send(water(2)), both[1]]],
    ['the time is another', [both[0], schedule(water(1), new Date('2026-03-01T11:00:01Z'), 'later')]],
    ['it is sent instead of scheduled', [both[0], send(water(1), 'later')]],
  ] as readonly [string, readonly [Consequence, ...Consequence[]]][])('when %s', async (_, told) => {
    expect(
      await failure(
        story()
          .on(planted)
          .then(...told),
      ),
    ).toContain('other things follow from PlantPlanted');
  });

  it('when something follows where it tells of nothing', async () => {
    expect(await failure(story().on(planted).thenNothing())).toContain('other things follow');
  });

  it('when nobody reacts to the event', async () => {
    expect(await failure(story().on(new PlantWeighed({ plantId })).thenNothing())).toContain(
      'list it among the policies of GardenModule',
    );
  });

  it('when the event is none that could come', async () => {
    const nameless = new PlantPlanted({ plantId, name: 7 as never });
    expect(
      await failure(
        story()
          .on(nameless)
          .then(...both),
      ),
    ).toMatch(/name/);
  });

  it('when a copy of the event has something else done', async () => {
    runs = 0;
    const moved = story().on(new PlantMoved({ plantId }));
    expect(await failure(moved.then(send(water(1))))).toContain('a copy of PlantMoved has something else done');
  });

  it('when the policy, or what it asks, has an effect', async () => {
    const counting = policyStory(GardenModule, { doubles: [{ provide: RainGauge, useClass: CountingGauge }] });
    expect(await failure(counting.on(new WeatherChanged({ placeId: plantId })).then(send(water(1))))).toContain(
      'has an effect of its own',
    );
  });

  it('when its time is none', () => {
    expect(() => story().on(planted).at('soon')).toThrow('is no time');
    openStories.clear();
  });

  it('when it has no end', async () => {
    const endless = story().on(planted) as unknown as Promise<void>;
    expect(await failure((async () => endless)())).toContain('the story has no end');
  });

  it('when nobody waits for it', () => {
    void story().on(planted);
    expect(openStories.size).toBe(1);
    openStories.clear();
  });
});
