import { expect, it } from 'vitest';
import { DatabaseTargets } from '../../../src/calls/databases/targets.ts';

const targetOf = (address: string | undefined, port: number | string | undefined, withDetails = false) =>
  new DatabaseTargets('mysql', withDetails).find(address, port, 'SELECT');

it.each([
  ['localhost', 3307, 'localhost:3307'],
  ['localhost', '3307', 'localhost:3307'],
  ['localhost', 3306, 'localhost'],
  ['localhost', '3306', 'localhost'],
  ['db.example.com', undefined, 'db.example.com'],
  ['::1', 3306, '[::1]'],
  ['::1', 3307, '[::1]:3307'],
  ['/run/mysqld/mysqld.sock', undefined, '/run/mysqld/mysqld.sock'],
  ['/run/mysqld/mysqld.sock', 3306, '/run/mysqld/mysqld.sock'],
  ['\0mysqld', undefined, '@mysqld'],
  [undefined, undefined, 'other'],
])('names the server at %j and port %j %s', (address, port, host) => {
  expect(targetOf(address, port)).toEqual({
    kind: 'database',
    system: 'mysql',
    host,
    operation: 'SELECT',
    details: undefined,
  });
});

it.each([
  ['localhost', 3306, '{"server.address":"localhost","server.port":3306}'],
  ['localhost', undefined, '{"server.address":"localhost","server.port":3306}'],
  ['::1', 3307, '{"server.address":"::1","server.port":3307}'],
  ['/run/mysqld/mysqld.sock', undefined, '{"server.address":"/run/mysqld/mysqld.sock"}'],
  [undefined, undefined, undefined],
])(
  'has the address and the port of the server at %j and port %j where the conventions name the metrics',
  (...server) => {
    const [address, port, details] = server;
    expect(targetOf(address, port, true).details).toBe(details);
  },
);

it('creates one target for each server and operation', () => {
  const targets = new DatabaseTargets('redis', false);
  const find = () => [
    targets.find('a', 6379, 'GET'),
    targets.find('a', 6379, 'SET'),
    targets.find('a', 6380, 'GET'),
    targets.find('b', 6379, 'GET'),
  ];
  const first = find();
  expect(new Set(first).size).toBe(4);
  expect(find().every((target, i) => target === first[i])).toBe(true);
});

it('goes on naming servers when an app calls more of them than it keeps', () => {
  const targets = new DatabaseTargets('postgresql', false);
  for (let i = 0; i < 2500; i++) expect(targets.find(`tenant-${i}`, 5433, 'SELECT').host).toBe(`tenant-${i}:5433`);
  expect(targets.find('tenant-0', 5433, 'SELECT').host).toBe('tenant-0:5433');
});
