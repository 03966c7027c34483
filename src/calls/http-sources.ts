import type { CallSource } from './call-source.ts';
import { fetchClient } from './fetch.ts';
import { httpClient } from './http-client.ts';
import { http2Client } from './http2-client.ts';

/** The HTTP clients that Node and undici publish. */
export const HTTP_SOURCES: readonly CallSource[] = [httpClient, http2Client, fetchClient];
