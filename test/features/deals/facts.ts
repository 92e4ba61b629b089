import type { Agreement, Amendment } from '../../../src/features/agreements/index.ts';
import type { DealFacts, SetStage } from '../../../src/features/deals/deal.ts';
import type { Funding, FundingAmount } from '../../../src/features/funding/index.ts';
import type { Party, PartyStage } from '../../../src/features/parties/index.ts';

const projectId = 'deal';
const recorded = { recordedAt: '2024-01-01T00:00:00.000Z', recordedBy: 'clerk', supersededAt: null };
const thing = {
  projectId,
  reason: null,
  revision: 1,
  createdAt: recorded.recordedAt,
  archivedAt: null,
  ...recorded,
};
const statement = { projectId, reason: null, revision: 1, withdrawn: false, ...recorded };

/** Nothing is said of the project. */
export function noFacts(id = projectId): DealFacts {
  return {
    projectId: id,
    ...{ parties: [], partyStages: [], agreements: [], amendments: [], funding: [], amounts: [] },
    ...{ setStages: [], statuses: [] },
  };
}

/** All that several say, of one project. */
export function facts(...some: Partial<DealFacts>[]): DealFacts {
  return {
    projectId,
    parties: some.flatMap(({ parties = [] }) => parties),
    partyStages: some.flatMap(({ partyStages = [] }) => partyStages),
    agreements: some.flatMap(({ agreements = [] }) => agreements),
    amendments: some.flatMap(({ amendments = [] }) => amendments),
    funding: some.flatMap(({ funding = [] }) => funding),
    amounts: some.flatMap(({ amounts = [] }) => amounts),
    setStages: some.flatMap(({ setStages = [] }) => setStages),
    statuses: some
      .flatMap(({ statuses = [] }) => statuses)
      .sort((one, other) => (one.asOf < other.asOf ? -1 : 1)),
  };
}

type Said = Partial<PartyStage> & Pick<PartyStage, 'asOf' | 'stage'>;

/** A party that has a name, with what is said of its stages. */
export function party(id: string, stages: Said[] = [], more: Partial<Party> = {}): Partial<DealFacts> {
  const made: Party = {
    ...thing,
    ...{ id, organizationId: null, name: id, role: 'interestedParty', note: null, citation: null },
    ...{ splitFrom: null, splitOn: null },
    ...more,
  };
  return { parties: [made], partyStages: stages.map((said) => stageOf(id, said)) };
}

/** Companies that are not named, so many of them. */
export function unnamed(id: string, count: number, stages: Said[]): Partial<DealFacts> {
  return party(
    id,
    stages.map((said) => ({ count, ...said })),
    { name: null },
  );
}

function stageOf(partyId: string, said: Said): PartyStage {
  return { ...statement, partyId, since: null, count: null, note: null, citation: null, ...said };
}

export function agreement(
  id: string,
  type: Agreement['type'],
  signed: { on: string } | { by: string },
  more: Partial<Agreement> = {},
): Partial<DealFacts> {
  const [signedOn, signedByDay] = 'on' in signed ? [signed.on, signed.on] : [null, signed.by];
  const made: Agreement = {
    ...thing,
    ...{ id, type, title: id, signedOn, signedByDay, effectiveOn: null, endsOn: null, partyIds: [] },
    ...{ valueMinor: null, valueCurrency: null, valueQualifier: null, valueStated: null },
    ...{ documentUrl: null, note: null, citation: null },
    ...more,
  };
  return { agreements: [made] };
}

/** What an agreement is worth, in 元. */
export function worth(yuan: number, valueQualifier: Agreement['valueQualifier'] = 'exact') {
  return { valueMinor: yuan * 100, valueCurrency: 'CNY', valueQualifier };
}

export function amendment(agreementId: string, asOf: string, more: Partial<Amendment>): Partial<DealFacts> {
  const made: Amendment = {
    ...statement,
    ...{ agreementId, asOf, rationale: '增资', scope: null, effectiveOn: null, endsOn: null },
    ...{ valueMinor: null, valueCurrency: null, valueQualifier: null, valueStated: null },
    ...{ documentUrl: null, citation: null },
    ...more,
  };
  return { amendments: [made] };
}

type Came = Partial<FundingAmount> & Pick<FundingAmount, 'status' | 'asOf'>;

export function line(id: string, amounts: Came[] = [], currency = 'CNY'): Partial<DealFacts> {
  const made: Funding = {
    ...thing,
    ...{ id, title: id, purpose: null, currency, sourceOrganizationId: null, sourceName: null },
    ...{ note: null, citation: null },
  };
  return {
    funding: [made],
    amounts: amounts.map((came) => ({
      ...statement,
      ...{ fundingId: id, since: null, amountMinor: null, qualifier: 'exact', stated: null },
      ...{ note: null, citation: null },
      ...came,
    })),
  };
}

export function setTo(
  stage: SetStage['stage'],
  asOf: string,
  more: Partial<SetStage> = {},
): Partial<DealFacts> {
  return {
    setStages: [
      { ...statement, stage, asOf, since: null, note: null, citation: null, reason: '会议纪要', ...more },
    ],
  };
}

export function status(said: DealFacts['statuses'][number]['status'], asOf: string): Partial<DealFacts> {
  return { statuses: [{ asOf, status: said }] };
}
