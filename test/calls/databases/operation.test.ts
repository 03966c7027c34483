import { describe, expect, it } from 'vitest';
import { mongodbOperation, redisOperation, sqlOperation } from '../../../src/calls/databases/operation.ts';

describe('the operation of an SQL text', () => {
  it.each([
    ['SELECT * FROM users WHERE token = 1', 'SELECT'],
    ['select 1', 'SELECT'],
    ['Insert into t values (1)', 'INSERT'],
    ['\n\t  update t set a = 1', 'UPDATE'],
    ['(SELECT 1) UNION (SELECT 2)', 'SELECT'],
    ['SELECT*FROM t', 'SELECT'],
    [';;BEGIN', 'BEGIN'],
    ['START TRANSACTION', 'START'],
    ['with a as (select 1) select * from a', 'WITH'],
    ['/* app: shop; route: /buy */ SELECT 1', 'SELECT'],
    ['/*+ MAX_EXECUTION_TIME(1000) */DELETE FROM t', 'DELETE'],
    ['-- find a user\n-- by name\nSELECT 1', 'SELECT'],
    ['# a comment of MySQL\nREPLACE INTO t VALUES (1)', 'REPLACE'],
    ['EXEC sp_who', 'EXEC'],
  ])('of %j is %s', (text, operation) => {
    expect(sqlOperation(text)).toBe(operation);
  });

  it.each([
    '',
    '   ',
    '-- only a comment',
    '/* never closed SELECT 1',
    'secret',
    'selectsecret',
    '1 SELECT',
    "'SELECT'",
    'DECLAREDECLARE',
    'é SELECT',
    undefined,
    { text: 'SELECT 1' },
    Buffer.from('SELECT 1'),
  ])('of %j is `other`, and nothing of the text is kept', (text) => {
    expect(sqlOperation(text)).toBe('other');
  });

  it('of a long text is found without reading all of it', () => {
    const text = `SELECT '${'x'.repeat(50_000_000)}'`;
    const start = performance.now();
    for (let i = 0; i < 1000; i++) sqlOperation(text);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});

describe('the operation of Redis', () => {
  it.each([
    ['get', 'GET'],
    ['HSET', 'HSET'],
    ['json.get', 'JSON.GET'],
    ['FT.SEARCH', 'FT.SEARCH'],
    ['Get', 'GET'],
  ])('of %s is %s', (command, operation) => {
    expect([redisOperation(command), redisOperation(command)]).toEqual([operation, operation]);
  });

  it.each(['', 'user:42', 'get user:42', 'mycommand', undefined, 7])('of %j is `other`', (command) => {
    expect([redisOperation(command), redisOperation(command)]).toEqual(['other', 'other']);
  });
});

describe('the operation of MongoDB', () => {
  it.each(['find', 'getMore', 'findAndModify', 'insert', 'bulkWrite', 'aggregate'])('of %s is itself', (command) => {
    expect(mongodbOperation(command)).toBe(command);
  });

  it.each(['', 'FIND', 'secret', 'constructor', undefined])('of %j is `other`', (command) => {
    expect(mongodbOperation(command)).toBe('other');
  });
});
