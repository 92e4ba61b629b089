/** Bodies that the API accepts, each with an id of its own; what a test is about, it says itself. */
let made = 0;

export function anOrganization(said: Record<string, unknown> = {}): { id: string; [field: string]: unknown } {
  made += 1;
  return { id: `organization-${made}`, name: `第${made}社区`, kind: 'community', ...said };
}

export function aProject(said: Record<string, unknown> = {}): { id: string; [field: string]: unknown } {
  made += 1;
  return { id: `project-${made}`, title: `第${made}号楼改造`, kind: 'project', ...said };
}
