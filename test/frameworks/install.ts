import { installPackages } from '../packages/install.ts';
import { type Framework, packageSetOf } from './framework.ts';

/** Installs one version of a framework. @returns the folder, which can contain an app */
export function install(framework: Framework, version: string): Promise<string> {
  return installPackages(packageSetOf(framework, version));
}
