import { describe, expect, it } from '@jest/globals';

import { AllowedMethods } from './allowed-methods.js';

function routes(...added: readonly (readonly [string, string | readonly string[]])[]): AllowedMethods {
  const methods = new AllowedMethods();
  for (const [pattern, of] of added) methods.add(pattern, of);
  return methods;
}

describe('The methods of a path', () => {
  const methods = routes(
    ['/api/v1/tasks', 'POST'],
    ['/api/v1/tasks', ['GET', 'HEAD']],
    ['/api/v1/tasks/:task_id', ['GET', 'DELETE']],
    ['/api/v1/tasks/summary', 'GET'],
    ['/api/v1/tasks/:task_id/start', 'POST'],
    ['/openapi.json', 'GET'],
    ['/docs/*', 'GET'],
  );

  it('are those of all its routes, sorted', () => {
    expect(methods.of('/api/v1/tasks')).toEqual(['GET', 'HEAD', 'POST']);
  });

  it('are told of a path with segments that vary', () => {
    expect(methods.of('/api/v1/tasks/0196a1de')).toEqual(['DELETE', 'GET']);
    expect(methods.of('/api/v1/tasks/0196a1de/start')).toEqual(['POST']);
  });

  it('are those of each pattern that fits, each once', () => {
    expect(methods.of('/api/v1/tasks/summary')).toEqual(['DELETE', 'GET']);
  });

  it('do not depend on the query', () => {
    expect(methods.of('/api/v1/tasks?limit=1')).toEqual(methods.of('/api/v1/tasks'));
  });

  it.each([
    '/',
    '/api/v1/task',
    '/api/v1/tasks/',
    '/api/v1/tasks2',
    '/x/api/v1/tasks',
    '/api/v1/tasks/a/b',
    '/api/v1/tasks//start',
    '/openapiXjson',
    '/docs/anything',
  ])('are none for %s', (path) => {
    expect(methods.of(path)).toEqual([]);
  });

  it('take every character of a pattern as it is', () => {
    expect(routes(['/a+b/(c)', 'GET']).of('/a+b/(c)')).toEqual(['GET']);
    expect(routes(['/a+b/(c)', 'GET']).of('/aab/c')).toEqual([]);
  });
});
