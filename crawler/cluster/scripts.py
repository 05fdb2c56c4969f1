"""What happens in Redis, each script at once or not at all.

Keys of a crawl, all of one slot of a cluster, `<crawl>` for `workercn:{<crawl_id>}`:

<crawl>:articles      hash: article id → its entry as JSON, or `=<id>` of the one that led to it
<crawl>:queue         sorted set: ids that wait, in the order they are to be fetched; -1: a worker
                      has died with it, +inf: it stands in a dead worker's folder
<crawl>:workers       sorted set: run_id → when it is presumed dead unless it is heard of
<crawl>:taken:<run>   set: ids that a worker has taken and not finished
<crawl>:written:<run> set: ids whose line stands in a worker's folder, which is not published
<crawl>:deaths        hash: id → workers that died one after the other while they had it taken
<crawl>:seeder        the run_id of the worker that walks the listings
<crawl>:seeded        there when the walk is over
<crawl>:arguments     of the spider, as the first worker had them
<crawl>:rate          hash: ten seconds → articles finished in them
"""

from __future__ import annotations

KEPT = 7 * 86_400  # seconds that a crawl is remembered after the last word of any worker
BUCKET, BUCKETS = 10, 30  # seconds; how many of them tell the rate

# Before each of them: a worker is heard of by every script it runs, and whoever runs one gives back
# what the dead held.
BEGIN = """
local crawl, worker, seconds = KEYS[1], ARGV[1], tonumber(ARGV[2])
local articles, queue = crawl .. ':articles', crawl .. ':queue'
local workers, deaths = crawl .. ':workers', crawl .. ':deaths'
local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1000000
local function taken(run) return crawl .. ':taken:' .. run end
local function written(run) return crawl .. ':written:' .. run end
local function alive(run) return run == worker or redis.call('ZSCORE', workers, run) end
local function is_suspect(id) return redis.call('HEXISTS', deaths, id) == 1 end
local function give_back(run)
  for _, id in ipairs(redis.call('SMEMBERS', taken(run))) do
    redis.call('ZADD', queue, is_suspect(id) and -1 or 0, id)
  end
  redis.call('DEL', taken(run))
end
local function bury(run)
  give_back(run)
  for _, id in ipairs(redis.call('SMEMBERS', written(run))) do
    redis.call('ZADD', queue, '+inf', id)
  end
  redis.call('DEL', written(run))
  redis.call('ZREM', workers, run)
end
if worker ~= '' then redis.call('ZADD', workers, now + seconds, worker) end
for _, run in ipairs(redis.call('ZRANGEBYSCORE', workers, '-inf', now)) do
  for _, id in ipairs(redis.call('SMEMBERS', taken(run))) do
    redis.call('HINCRBY', deaths, id, 1)
  end
  bury(run)
end
"""

# → how many workers there are
BEAT = """
for _, name in ipairs({
  'articles', 'queue', 'workers', 'seeder', 'seeded', 'arguments', 'rate', 'deaths',
  'taken:' .. worker, 'written:' .. worker
}) do redis.call('EXPIRE', crawl .. ':' .. name, ARGV[3]) end
return redis.call('ZCARD', workers)
"""

# → 1 where the worker is to walk the listings
LEAD = """
local seeder = redis.call('GET', crawl .. ':seeder')
if seeder and alive(seeder) and seeder ~= worker then return 0 end
redis.call('SET', crawl .. ':seeder', worker)
return 1
"""

# → 1, or 0 where fewer than ARGV[3] articles are there, or the walk is no more this worker's
SEEDED = """
if redis.call('GET', crawl .. ':seeder') ~= worker then return 0 end
if redis.call('HLEN', articles) < tonumber(ARGV[3]) then return 0 end
redis.call('SET', crawl .. ':seeded', worker)
return 1
"""

# → 1 where the article was new to the crawl, and how many there are
PUSH = """
local new = redis.call('HSETNX', articles, ARGV[3], ARGV[4])
local number = redis.call('HLEN', articles)
if new == 1 then redis.call('ZADD', queue, number, ARGV[3]) end
return {new, number}
"""

# → an entry and how many workers have died with it, or nothing. Of those with which any has a
# worker takes one at a time: who dies with it tells nothing new of the others.
TAKE = """
local least = '-inf'
for _, id in ipairs(redis.call('SMEMBERS', taken(worker))) do
  if is_suspect(id) then least = 0 end
end
while true do
  local id = redis.call('ZRANGEBYSCORE', queue, least, '+inf', 'LIMIT', 0, 1)[1]
  if not id then return false end
  redis.call('ZREM', queue, id)
  local entry = redis.call('HGET', articles, id)
  if string.sub(entry, 1, 1) ~= '=' then
    redis.call('SADD', taken(worker), id)
    return {entry, tonumber(redis.call('HGET', deaths, id) or 0)}
  end
end
"""

# ARGV[4]: its entry, which is not there where it was taken from a Redis that has lost it since
# ARGV[5]: the run whose folder has what became of it, or nothing where that is published
DONE = f"""
local id, run = ARGV[3], ARGV[5]
redis.call('HSETNX', articles, id, ARGV[4])
redis.call('SREM', taken(worker), id)
redis.call('HDEL', deaths, id)
if run ~= '' and alive(run) then redis.call('SADD', written(run), id)
elseif run ~= '' then redis.call('ZADD', queue, '+inf', id) end
local bucket = math.floor(now / {BUCKET})
redis.call('HINCRBY', crawl .. ':rate', bucket, 1)
redis.call('HDEL', crawl .. ':rate', bucket - {BUCKETS})
"""

# An article that a live worker's folder has, though nobody has queued it. → 1 where it is so
ANSWERED = """
if not alive(ARGV[5]) then return 0 end
redis.call('HSETNX', articles, ARGV[3], ARGV[4])
redis.call('SADD', written(ARGV[5]), ARGV[3])
return 1
"""

# Where a redirect leads. → 1 where that article is the one's that was redirected
LED_TO = """
if redis.call('HSETNX', articles, ARGV[3], '=' .. ARGV[4]) == 1 then return 1 end
return redis.call('HGET', articles, ARGV[3]) == '=' .. ARGV[4] and 1 or 0
"""

ALIVE = "return alive(ARGV[3]) and 1 or 0"

GIVE_BACK = "give_back(worker)"

# ARGV[3]: 1 where its folder is published
LEAVE = """
if ARGV[3] == '1' then redis.call('DEL', written(worker)) end
bury(worker)
"""

# → JSON, of a crawl as it stands
STANDING = """
local crew, held = {}, 0
for _, run in ipairs(redis.call('ZRANGE', workers, 0, -1)) do
  local number = redis.call('SCARD', taken(run))
  held = held + number
  table.insert(crew, {run, number, redis.call('SCARD', written(run))})
end
return cjson.encode({
  seeded = redis.call('EXISTS', crawl .. ':seeded') == 1,
  seeder = redis.call('GET', crawl .. ':seeder'),
  waiting = redis.call('ZCARD', queue), taken = held,
  workers = crew, rate = redis.call('HGETALL', crawl .. ':rate'), now = now
})
"""
