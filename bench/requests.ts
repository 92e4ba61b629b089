import {
  categories,
  componentsEach,
  firstSilentDay,
  type Place,
  places,
  programmes,
  projectsEach,
  randomFrom,
} from './portfolio.ts';

/** What a client asks, as it goes over the wire; the address of the server is the caller's. */
export interface Asked {
  method: 'GET' | 'PUT';
  path: string;
  body?: string;
}

export const askers = {
  progress: askForProgress,
  reports: sendReports,
  list: askForLists,
  mixed: askForEverything,
} as const;

export type AskerName = keyof typeof askers;

/** Where one of all projects stands, each as likely as the other. */
function askForProgress(seed: number): () => Asked {
  const random = randomFrom(seed);
  const all = places();
  return () => ({ method: 'GET', path: `/v1/projects/${oneOf(all, random).id}/progress` });
}

/**
 * A report of a component and a day of which nothing was said, a little above all that was said before: so each one
 * changes where the component, its project and its programme stand. No report is sent twice, whatever the `turn`: turns
 * begin where the one before ended.
 */
function sendReports(turn: number): () => Asked {
  const components = places().filter((place) => place.level === 2);
  const stride = 7_919;
  let sent = turn * reportsPerTurn;
  return () => {
    const component = components[(sent * stride) % components.length] as Place;
    const days = Math.floor(sent / components.length);
    sent += 1;
    const body = JSON.stringify({ percent: (8_600 + days) / 100, note: '街道半月调度会上报，现场核查' });
    return { method: 'PUT', path: `/v1/projects/${component.id}/reports/${dayAfter(days)}`, body };
  };
}

/** More than can be sent in one turn; a multiple of the number of components. */
const reportsPerTurn = 20 * programmes * projectsEach * componentsEach;

/** The first fifty projects of a category. */
function askForLists(seed: number): () => Asked {
  const random = randomFrom(seed);
  return () => ({ method: 'GET', path: `/v1/projects?category=${oneOf(categories, random)}&limit=50` });
}

/** Of a hundred requests, 60 for progress, 15 for lists, 15 reports, and the rest for histories, reports and changes. */
function askForEverything(seed: number): () => Asked {
  const random = randomFrom(seed);
  const all = places();
  const progress = askForProgress(seed);
  const reports = sendReports(seed);
  const lists = askForLists(seed);
  return () => {
    const dice = random() * 100;
    if (dice < 60) return progress();
    if (dice < 75) return lists();
    if (dice < 90) return reports();
    const { id } = oneOf(all, random);
    if (dice < 94) return { method: 'GET', path: `/v1/projects/${id}` };
    if (dice < 97) return { method: 'GET', path: `/v1/projects/${id}/reports?limit=50` };
    if (dice < 98) return { method: 'GET', path: `/v1/projects/${id}/progress?asOf=2024-06-30` };
    if (dice < 99) return { method: 'GET', path: `/v1/changes?subjectType=report&limit=50&sort=-sequence` };
    return { method: 'GET', path: `/v1/projects/${id}/progress.svg` };
  };
}

function dayAfter(days: number): string {
  return new Date(Date.parse(firstSilentDay) + days * 86_400_000).toISOString().slice(0, 10);
}

function oneOf<T>(values: readonly T[], random: () => number): T {
  return values[Math.floor(random() * values.length)] as T;
}
