// The scripts of the store in Redis. Each is done as a whole, with nothing of others in between.
//
// The field of a lock among the tokens is `<token>:<holder>`, and stays for good: tokens only grow. Of a server that
// has forgotten its latest tokens in a failover, two holders may have one token; so that a write must be of the very
// holder that was the last.

// A script may be done late: it was given up and made again on another connection, and the lease has gone on since. So
// the writes of a lease are numbered, and the hash of its lock has the latest number of each key: whatever is not later
// changes nothing. The hash goes with the next holder, or when nothing is written any more.

/** How long the numbers of a lease are kept after its last write. Milliseconds. */
const REMEMBERED = 86_400_000;

/** A change; the lock, its last holder and the write's number, if there is a lease, are in the arguments from `at` on. */
const changing = (at: number, change: string) => `
if ARGV[${at}] then
  if redis.call('HGET', KEYS[3], ARGV[${at}]) ~= ARGV[${at + 1}] then return 0 end
  if tonumber(redis.call('HGET', KEYS[4], ARGV[1]) or 0) >= tonumber(ARGV[${at + 2}]) then return 1 end
end
${change}
if ARGV[${at}] then
  redis.call('HSET', KEYS[4], ARGV[1], ARGV[${at + 2}])
  redis.call('PEXPIRE', KEYS[4], ${REMEMBERED})
end
return 1`;

/** The longest lease, with some room for clocks that are adjusted a little. */
const LONGEST = 2 * 3_600_000;

export const GET = `return redis.call('HGET', KEYS[1], ARGV[1])`;

export const SET = changing(3, `
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('ZADD', KEYS[2], 0, ARGV[1])`);

export const DELETE = changing(2, `
redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('ZREM', KEYS[2], ARGV[1])`);

/** No key has a byte as great as the one that ends the range. */
export const KEYS = `
if ARGV[1] == '' then return redis.call('ZRANGEBYLEX', KEYS[1], '-', '+') end
return redis.call('ZRANGEBYLEX', KEYS[1], '[' .. ARGV[1], '(' .. ARGV[1] .. '\\255')`;

/** Who asks again, as the answer was lost, keeps its token. */
export const TAKE = `
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[2] and redis.call('PTTL', KEYS[1]) <= ${LONGEST} then return nil end
local last = redis.call('HGET', KEYS[2], ARGV[1])
local token = 1
if last then token = tonumber(string.match(last, '^%d+')) + 1 end
if last and holder == ARGV[2] and last == string.format('%.0f:%s', token - 1, holder) then
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
  return token - 1
end
redis.call('HSET', KEYS[2], ARGV[1], string.format('%.0f:%s', token, ARGV[2]))
redis.call('DEL', KEYS[3])
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return token`;

export const EXTEND = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])`;

export const FREE = `
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1`;

export const MEMORY = `return redis.call('INFO', 'memory')`;
