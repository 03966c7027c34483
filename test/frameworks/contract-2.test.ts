import { contract } from './contract.ts';

await contract(1, 2);
