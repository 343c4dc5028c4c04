// The scripts of the store in Redis. Each is done as a whole, with nothing of others in between.
//
// The field of a lock among the tokens is `<token>:<holder>`, and stays for good: tokens only grow. Of a server that
// has forgotten its latest tokens in a failover, two holders may have one token; so that a write must be of the very
// holder that was the last.

/** What a change begins with; the lease, if there is one, is in the arguments from `at` on. */
const refuseOlder = (at: number) => `
if ARGV[${at}] and redis.call('HGET', KEYS[3], ARGV[${at}]) ~= ARGV[${at + 1}] then return 0 end`;

export const GET = `return redis.call('HGET', KEYS[1], ARGV[1])`;

export const SET = `${refuseOlder(3)}
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('ZADD', KEYS[2], 0, ARGV[1])
return 1`;

export const DELETE = `${refuseOlder(2)}
redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('ZREM', KEYS[2], ARGV[1])
return 1`;

/** No key has a byte as great as the one that ends the range. */
export const KEYS = `
if ARGV[1] == '' then return redis.call('ZRANGEBYLEX', KEYS[1], '-', '+') end
return redis.call('ZRANGEBYLEX', KEYS[1], '[' .. ARGV[1], '(' .. ARGV[1] .. '\\255')`;

export const TAKE = `
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[2] then return nil end
local last = redis.call('HGET', KEYS[2], ARGV[1])
local token = 1
if last then token = tonumber(string.match(last, '^%d+')) + 1 end
redis.call('HSET', KEYS[2], ARGV[1], string.format('%.0f:%s', token, ARGV[2]))
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return token`;

export const EXTEND = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])`;

export const FREE = `
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1`;

export const MEMORY = `return redis.call('INFO', 'memory')`;
