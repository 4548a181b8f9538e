-- What partners earn of the conversions in an access log, computed from its lines alone: an independent check of reports.
-- $1: the lines, $2: host of the site, $3: path prefix of conversions, $4: of engagements.
with logged as (
  select n, m
  from unnest($1::text[]) with ordinality as l(line, n),
    regexp_match(line, '^(\S+) \S+ \S+ \[([^\]]+)\] "(\S+) (/\S*) HTTP/[^"]*" (\d{3}) \S+ "([^"]*)" "([^"]*)"') as m
  where m is not null
), requested as (
  select n, to_timestamp(m[2], 'DD/Mon/YYYY:HH24:MI:SS TZHTZM') as at, m[4] as target,
    encode(sha256(convert_to(m[1] || E'\n' || m[7], 'UTF8')), 'hex') as visitor,
    lower(substring(m[6] from '^https?://([^/:?#]+)')) as host
  from logged
  where m[3] = 'GET' and m[5] ~ '^[23]' and m[7] !~* 'bot|crawl|spider|slurp|monitor|curl|wget|python-requests'
), ordered as (
  select distinct on (coalesce(substring(target from '[?&]order=([^&]+)'), n::text)) n, visitor, at,
    (substring(target from '[?&]value=([^&]+)')::numeric * 100)::bigint as units,
    coalesce(substring(target from '[?&]currency=([^&]+)'), 'USD') as currency
  from requested where starts_with(target, $3)
  order by coalesce(substring(target from '[?&]order=([^&]+)'), n::text), n
), conversion as (
  select *, coalesce(lag(at) over (partition by visitor order by at), '-infinity') as before from ordered
), touch as (
  select *, case
      when starts_with(target, $4) then 2.5
      when target ~ '[?&]utm_' or host <> $2 then 1
      else 0.25
    end as weight
  from requested where not starts_with(target, $3)
), recent as (
  select c.n as conversion, c.units, c.currency, coalesce(t.host, 'direct') as partner, t.weight, t.at,
    extract(epoch from c.at - t.at)::numeric / 86400 as age,
    row_number() over (partition by c.n order by t.at desc) as youth
  from conversion c join touch t on t.visitor = c.visitor and t.at > c.before and t.at <= c.at and t.at >= c.at - interval '30 days'
), journey as (
  select r.*, row_number() over (partition by conversion order by at) as place, count(*) over (partition by conversion) as length
  from recent r where youth <= 100
), based as (
  select j.*, model, case model
      when 'first_touch' then (place = 1)::int
      when 'last_touch' then (place = length)::int
      when 'linear' then 1
      when 'time_decay' then power(2::numeric, -age / 7)
      when 'position_based' then case
        when length = 1 then 1
        when place in (1, length) then 0.4
        when length > 2 then 0.2 / (length - 2)
      end
    end as base
  from journey j, unnest(array['first_touch', 'last_touch', 'linear', 'time_decay', 'position_based']) as model
), shared as (
  select *, units * part / sum(part) over (partition by conversion, model, weighting) as exact
  from based, lateral (values ('none', base), ('interaction', base * weight)) as w(weighting, part)
), ranked as (
  select *, floor(round(exact, 9)) as whole,
    row_number() over (partition by conversion, model, weighting
      order by round(exact, 9) - floor(round(exact, 9)) desc, place) as turn,
    units - sum(floor(round(exact, 9))) over (partition by conversion, model, weighting) as remaining
  from shared
)
select currency, model, weighting, partner, (sum(whole + (turn <= remaining)::int) / 100)::numeric(20, 2)::text as earned
from ranked
group by currency, model, weighting, partner
order by 1, 2, 3, 4
