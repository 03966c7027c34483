import { installPackages } from '../packages/install.ts';
import { type Framework, packageSetOf } from './framework.ts';

/** A folder in which one version of a framework is installed, as an app of that framework has it. */
export function install(framework: Framework, version: string): Promise<string> {
  return installPackages(packageSetOf(framework, version));
}
