import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { describe, folder, recordCalls, server } from './record.mjs';

const require = createRequire(`${folder}/package.json`);
const load = async (name) => await import(pathToFileURL(require.resolve(name)).href);
const address = { host: '127.0.0.1', port: server.port, database: server.database };
const table = (name) => `CREATE TABLE IF NOT EXISTS ${name} (id serial PRIMARY KEY, name text)`;

const knex = async () => {
  const { default: create } = await load('knex');
  const db = create({ client: 'pg', connection: { ...address, user: 'apm' } });
  await db.raw(table('knex_users'));
  return {
    insert: () => db('knex_users').insert({ name: 'secret' }),
    find: () => db('knex_users').where({ name: 'secret' }),
    transaction: () => db.transaction((inner) => inner('knex_users').where({ name: 'secret' }).delete()),
    failing: () => db('missing').select(),
  };
};

const typeorm = async () => {
  const { DataSource, EntitySchema } = await load('typeorm');
  const columns = { id: { type: Number, primary: true, generated: true }, name: { type: String } };
  const User = new EntitySchema({ name: 'typeorm_users', columns });
  const source = new DataSource({ type: 'postgres', ...address, username: 'apm', entities: [User] });
  await source.initialize();
  await source.query(table('typeorm_users'));
  const users = source.getRepository(User);
  return {
    insert: () => users.insert({ name: 'secret' }),
    find: () => users.find({ where: { name: 'secret' } }),
    transaction: () => source.transaction((inner) => inner.delete(User, { name: 'secret' })),
    failing: () => source.query('SELECT * FROM missing'),
  };
};

const sequelize = async () => {
  const { Sequelize, DataTypes } = (await load('sequelize')).default;
  const db = new Sequelize({ dialect: 'postgres', ...address, username: 'apm', logging: false });
  const User = db.define('user', { name: DataTypes.TEXT }, { tableName: 'sequelize_users', timestamps: false });
  await db.query(table('sequelize_users'));
  return {
    insert: () => User.create({ name: 'secret' }),
    find: () => User.findAll({ where: { name: 'secret' } }),
    transaction: () => db.transaction((transaction) => User.destroy({ where: { name: 'secret' }, transaction })),
    failing: () => db.query('SELECT * FROM missing'),
  };
};

/** Drizzle on both drivers. */
const drizzle = async (name, client, options) => {
  const { drizzle: create } = await load(`drizzle-orm/${name}`);
  const { pgTable, serial, text } = await load('drizzle-orm/pg-core');
  const { eq, sql } = await load('drizzle-orm');
  const users = pgTable('drizzle_users', { id: serial().primaryKey(), name: text() });
  const db = create({ client, ...options });
  await db.execute(sql.raw(table('drizzle_users')));
  return {
    insert: () => db.insert(users).values({ name: 'secret' }),
    find: () => db.select().from(users).where(eq(users.name, 'secret')),
    transaction: () => db.transaction((inner) => inner.delete(users).where(eq(users.name, 'secret'))),
    failing: () => db.execute(sql`SELECT * FROM missing`),
  };
};

const prisma = async () => {
  const { PrismaPg } = await load('@prisma/adapter-pg');
  const { PrismaClient } = createRequire(import.meta.url)(process.env.PRISMA_CLIENT);
  const db = new PrismaClient({ adapter: new PrismaPg({ ...address, user: 'apm' }) });
  await db.$executeRawUnsafe(table('prisma_users'));
  return {
    insert: () => db.prisma_users.create({ data: { name: 'secret' } }),
    find: () => db.prisma_users.findMany({ where: { name: 'secret' } }),
    transaction: () => db.$transaction([db.prisma_users.deleteMany({ where: { name: 'secret' } })]),
    failing: () => db.$queryRawUnsafe('SELECT * FROM missing'),
  };
};

const MAPPERS = {
  Knex: knex,
  TypeORM: typeorm,
  Sequelize: sequelize,
  'Drizzle on pg': async () =>
    await drizzle('node-postgres', new (await load('pg')).default.Pool({ ...address, user: 'apm', max: 1 })),
  'Drizzle on postgres': async () => {
    const { default: postgres } = await load('postgres');
    return await drizzle('postgres-js', postgres({ ...address, username: 'apm', max: 1, onnotice() {} }));
  },
  Prisma: prisma,
};

await recordCalls(async (takeCalls, openCalls) => {
  const recorded = {};
  for (const [name, open] of Object.entries(MAPPERS)) {
    const ways = await open();
    takeCalls();
    const steps = {};
    for (const [way, run] of Object.entries(ways)) {
      await run().catch((error) => {
        if (way !== 'failing') throw error;
      });
      steps[way] = takeCalls().map(describe);
    }
    recorded[name] = { steps, open: openCalls() };
  }
  return recorded;
});
