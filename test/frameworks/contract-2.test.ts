import { testContract } from './contract.ts';

await testContract(1, 2);
