import { execFileSync } from 'node:child_process';

/** docker-compose's own reading of files: interpolation, schema, references between services, networks and volumes. */
const LOAD = `
import sys, yaml
yaml.SafeLoader = yaml.CSafeLoader
sys.path.insert(0, "/usr/lib/python3/dist-packages")
from compose.config import config
from compose.config.environment import Environment
for folder in sys.argv[1:]:
    try:
        config.load(config.find(folder, ["docker-compose.yml"], Environment({})))
    except Exception as error:
        print(folder, getattr(error, "msg", error))
`;

/** What docker-compose 1.29 finds wrong with the files in folders, in one process; it takes half a second to start. */
export function composeProblems(folders: readonly string[]): string {
  return execFileSync('/usr/bin/python3', ['-c', LOAD, ...folders], { encoding: 'utf8' });
}
