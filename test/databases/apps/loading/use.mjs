const { DATABASE, MONGODB } = process.env;
const server = JSON.parse(DATABASE);
const address = { host: '127.0.0.1', port: server.port, database: server.database };

/** One call by each driver. @returns closes the connections */
export async function useDrivers({ pg, postgres, MongoClient }) {
  const pool = new pg.Pool({ ...address, user: 'apm', max: 1 });
  await pool.query('SELECT 1');
  const sql = postgres({ ...address, username: 'apm', max: 1 });
  await sql`UPDATE pg_class SET relname = relname WHERE false`;
  const client = new MongoClient(`mongodb://127.0.0.1:${JSON.parse(MONGODB).port}`);
  await client.db('apm').collection('items').findOne({ name: 'secret' });
  return () => Promise.all([pool.end(), sql.end(), client.close()]);
}
