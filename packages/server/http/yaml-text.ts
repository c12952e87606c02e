/** YAML for who asks to be answered so. The library is loaded at the first such answer. */
export async function yamlText(value: unknown): Promise<string> {
  const yaml = await import('yaml')
  return yaml.stringify(value, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false })
}
