/** The default port of each system, by its `db.system.name` in the semantic conventions. */
export const DEFAULT_PORTS = {
  mongodb: 27017,
  'microsoft.sql_server': 1433,
  mysql: 3306,
  postgresql: 5432,
  redis: 6379,
} as const;

export type DatabaseSystem = keyof typeof DEFAULT_PORTS;
