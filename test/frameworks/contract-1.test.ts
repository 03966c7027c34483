import { contract } from './contract.ts';

await contract(0, 2);
