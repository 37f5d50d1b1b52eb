export { writeYaml } from './write-yaml.ts';
export { Remarked, remarked, type YamlList, type YamlMap, type YamlValue } from './yaml-value.ts';
