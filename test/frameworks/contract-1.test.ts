import { testContract } from './contract.ts';

await testContract(0, 2);
