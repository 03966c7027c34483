import { execFile } from 'node:child_process';
import { chown, copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { DatabaseProgram } from './database-server.ts';
import { buildFerretDb } from './ferretdb.ts';
import { findProgram } from './find-program.ts';

const run = promisify(execFile);

/** The user of the tests. No server asks for a password. */
const USER = 'apm';

const postgres: DatabaseProgram = {
  name: 'postgres',
  database: 'postgres',
  readyLine: 'database system is ready to accept connections',
  socketName: (port) => `.s.PGSQL.${port}`,
  async prepare({ folder, port, uid }) {
    const data = join(folder, 'data');
    const initialise = ['-D', data, '-U', USER, '--auth=trust', '--no-sync', '--encoding=UTF8', '--locale=C'];
    await run(findProgram('initdb', 'postgresql'), initialise, { cwd: folder, uid });
    const settings = ['fsync=off', 'listen_addresses=127.0.0.1', `unix_socket_directories=${folder}`];
    const args = ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])];
    return { path: findProgram('postgres', 'postgresql'), args };
  },
};

const mariadb: DatabaseProgram = {
  name: 'mariadb',
  database: 'apm',
  readyLine: 'ready for connections',
  socketName: () => 'mariadb.sock',
  async prepare({ folder, port, socket, uid }) {
    const data = join(folder, 'data');
    // A folder of the data is a database.
    for (const path of [data, join(data, 'apm')]) {
      await mkdir(path);
      if (uid !== undefined) await chown(path, uid, -1);
    }
    const listen = [`--port=${port}`, '--bind-address=127.0.0.1', `--socket=${socket}`];
    // Without the tables of users, whose creation takes seconds.
    const fast = [
      '--skip-grant-tables',
      '--skip-log-bin',
      '--innodb-flush-method=nosync',
      '--innodb-buffer-pool-size=32M',
    ];
    return {
      path: findProgram('mariadbd', 'mariadb-server'),
      args: ['--no-defaults', `--datadir=${data}`, ...listen, ...fast],
    };
  },
};

const redis: DatabaseProgram = {
  name: 'redis',
  database: '0',
  readyLine: 'eady to accept connections',
  socketName: () => 'redis.sock',
  async prepare({ folder, port, socket }) {
    const listen = ['--port', String(port), '--bind', '127.0.0.1', '--unixsocket', socket];
    const args = [...listen, '--dir', folder, '--save', '', '--appendonly', 'no'];
    return { path: findProgram('redis-server', 'redis-server'), args };
  },
};

/** Speaks MongoDB's protocol. */
const ferretdb: DatabaseProgram = {
  name: 'ferretdb',
  database: 'apm',
  readyLine: 'ready at',
  socketName: () => 'mongodb-27017.sock',
  async prepare({ folder, port, socket, uid }) {
    const data = join(folder, 'data');
    await mkdir(data);
    if (uid !== undefined) await chown(data, uid, -1);
    // The user that it runs as may have no access to the cache of programs.
    const path = join(folder, 'ferretdb');
    await copyFile(await buildFerretDb(), path);
    return { path, args: [String(port), socket, data] };
  },
};

/** Every database server that the tests use, one row each. */
export const DATABASE_PROGRAMS = { ferretdb, mariadb, postgres, redis };

export type DatabaseName = keyof typeof DATABASE_PROGRAMS;
