import type { HeldProject, Holdings } from './holdings.ts';
import { created, type Effect, refused, unchanged, type Write } from './write.ts';

export const organizationId = 'works-bureau';
export const programmeId = 'works';

/** What everything is hung below. */
export function foundation(): Write[] {
  const name = '工程局';
  const made: Effect = {
    subjectType: 'organization',
    subjectId: organizationId,
    action: 'created',
    after: { id: organizationId, name, revision: 1 },
  };
  const path = `/v1/organizations/${organizationId}`;
  return [
    {
      request: { method: 'PUT', path, body: { name, kind: 'authority' } },
      expected: created,
      again: unchanged,
      effects: [made],
    },
    projectPut(programmeId, null),
  ];
}

/** A client's own part of the programme: two areas, and a project to begin with. */
export function beginnings({ name }: Holdings): Write[] {
  return [
    projectPut(name, programmeId),
    projectPut(`${name}-area-1`, name),
    projectPut(`${name}-area-2`, name),
    projectPut(`${name}-project`, `${name}-area-1`),
  ];
}

export function newProject(holdings: Holdings): Write | null {
  if (projectsOf(holdings).length >= 12) return null;
  return projectPut(`${holdings.newWord()}-project`, areaOf(holdings));
}

/** Under an id that the server chooses: without its key, nobody could tell whether it is there already. */
export function postedProject(holdings: Holdings): Write | null {
  if (projectsOf(holdings).length >= 12) return null;
  const said = { title: holdings.newWord(), parentId: areaOf(holdings) };
  const body = { ...said, organizationId };
  return {
    request: { method: 'POST', path: '/v1/projects', body, key: holdings.newWord() },
    expected: created,
    again: created,
    effects: [
      { subjectType: 'project', subjectId: null, action: 'created', after: { ...said, revision: 1 } },
    ],
  };
}

export function move(holdings: Holdings): Write | null {
  const project = holdings.oneOf(projectsOf(holdings));
  if (project === undefined) return null;
  const parentId = areaOf(holdings);
  const request = { method: 'PATCH', path: `/v1/projects/${project.id}`, body: { parentId } };
  if (parentId === project.parentId) return { request, expected: unchanged, again: unchanged, effects: [] };
  const moved: Effect = {
    subjectType: 'project',
    subjectId: project.id,
    action: 'replaced',
    after: { parentId, revision: project.revision + 1 },
  };
  const expected = { status: 200, verdict: 'replaced', code: null };
  return { request, expected, again: unchanged, effects: [moved] };
}

export function moveBelowItself({ name }: Holdings): Write {
  const body = { parentId: `${name}-area-1` };
  return refused({ method: 'PATCH', path: `/v1/projects/${name}`, body }, 422, 'parent_cycle');
}

/** Those that are reported on and moved: not the client's own node, nor its areas. */
export function projectsOf({ name, projects }: Holdings): HeldProject[] {
  return [...projects.values()].filter(({ parentId }) => parentId !== programmeId && parentId !== name);
}

function areaOf(holdings: Holdings): string {
  return `${holdings.name}-area-${holdings.upTo(2)}`;
}

function projectPut(id: string, parentId: string | null): Write {
  const said = { title: `工程 ${id}`, parentId };
  return {
    request: { method: 'PUT', path: `/v1/projects/${id}`, body: { ...said, organizationId } },
    expected: created,
    again: unchanged,
    effects: [
      { subjectType: 'project', subjectId: id, action: 'created', after: { id, ...said, revision: 1 } },
    ],
  };
}
