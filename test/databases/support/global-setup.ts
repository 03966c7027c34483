import type { TestProject } from 'vitest/node';
import { type DatabaseAddress, type DatabaseServer, startDatabase } from './database-server.ts';
import { DATABASE_PROGRAMS, type DatabaseName } from './programs.ts';

/** The address of a server, or why it could not be started. */
export type ProvidedServer = DatabaseAddress | { readonly missing: string };

declare module 'vitest' {
  interface ProvidedContext {
    readonly databases: Readonly<Record<DatabaseName, ProvidedServer>>;
  }
}

/** vitest calls this once before all files of the project `databases`: they share the servers. @returns ends the servers */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const started: DatabaseServer[] = [];
  const provide = async (name: DatabaseName): Promise<[DatabaseName, ProvidedServer]> => {
    try {
      const server = await startDatabase(DATABASE_PROGRAMS[name]);
      started.push(server);
      const { close, ...address } = server;
      return [name, address];
    } catch (error) {
      return [name, { missing: (error as Error).message }];
    }
  };
  const names = Object.keys(DATABASE_PROGRAMS) as DatabaseName[];
  project.provide('databases', Object.fromEntries(await Promise.all(names.map(provide))) as never);
  return async () => {
    await Promise.all(started.map((server) => server.close()));
  };
}
