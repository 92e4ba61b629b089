/**
 * What each operation needs to be asked something sensible on the settled database: who adds an operation adds a line,
 * and the law is held to it. Where nothing is said, the body is the example that the description gives.
 */
export interface Example {
  /** The path parameters of something that is there and belongs to 天马山街道 or below. */
  params?: Record<string, string>;
  query?: string;
  body?: object;
  /** For what has an idempotency key: something else that could be sent. */
  otherBody?: object;
}

const project = { id: 'yueping-estate-renovation' };
const report = { ...project, asOf: '2023-06-30' };
const milestone = { ...project, milestoneId: 'acceptance' };
const agreement = { ...project, agreementId: 'works' };
const amendment = { ...agreement, asOf: '2023-05-31' };
const agreed = { type: 'construction', title: '改造施工合同', signedOn: '2023-03-01' };
const party = { ...project, partyId: 'in-talks' };
const partyStage = { ...party, asOf: '2023-06-30' };
const dealStage = { ...project, asOf: '2023-06-30' };
const funding = { ...project, fundingId: 'start-up' };
const fundingAmount = { ...funding, status: 'sought', asOf: '2023-06-30' };
const organization = { id: 'tianmashan' };

export function examplesWith({ tokenId }: { tokenId: string }): Record<string, Example> {
  const token = { id: tokenId };
  return {
    getHealth: {},
    getReadiness: {},
    getMetrics: {},

    listOrganizations: { query: 'within=tianmashan' },
    createOrganization: { otherBody: { name: '石鼓区', kind: 'authority' } },
    getOrganization: { params: organization },
    putOrganization: { params: organization },
    patchOrganization: { params: organization },
    archiveOrganization: { params: { id: 'suyanjing' } },
    restoreOrganization: { params: organization },

    getLightRules: { params: organization },
    putLightRules: { params: organization },
    withdrawLightRules: { params: organization },
    listLightRuleRevisions: { params: organization },

    listProjects: { query: 'within=tianmashan' },
    createProject: { otherBody: { title: '岳屏社区食堂', kind: 'project', organizationId: 'yueping' } },
    getProject: { params: project },
    putProject: { params: project },
    patchProject: { params: project },
    archiveProject: { params: { id: 'yueping-zone-a' } },
    restoreProject: { params: project },
    listProjectStatuses: { params: project },
    putProjectStatus: { params: { ...project, asOf: '2023-05-31' } },
    withdrawProjectStatus: { params: { ...project, asOf: '2023-03-01' } },

    listReports: { params: project },
    createReport: { params: project, otherBody: { asOf: '2023-05-31', percent: 50 } },
    getReport: { params: report },
    putReport: { params: report },
    withdrawReport: { params: report },
    listReportRevisions: { params: report },
    createReportBatch: { otherBody: [{ projectId: 'yueping-zone-a', asOf: '2023-06-30', percent: 50 }] },

    getPlan: { params: project },
    putPlan: { params: project },
    withdrawPlan: { params: project },
    listPlanRevisions: { params: project },
    listMilestoneTemplates: {},
    listMilestones: { params: project },
    createMilestone: { params: project, otherBody: { title: '竣工验收' } },
    getMilestone: { params: milestone },
    putMilestone: {
      params: milestone,
      body: { title: '竣工验收', dueDate: '2023-06-20', dateMet: '2023-06-30', weight: 30 },
    },
    patchMilestone: { params: milestone },
    archiveMilestone: { params: milestone },
    restoreMilestone: { params: milestone },
    listMilestoneRevisions: { params: milestone },

    listAgreements: { params: project },
    createAgreement: {
      params: project,
      body: { type: 'other', title: '备忘录' },
      otherBody: { type: 'other', title: '会议纪要' },
    },
    getAgreement: { params: agreement, query: 'asOf=2023-06-30' },
    putAgreement: { params: agreement, body: { ...agreed, endsOn: '2023-12-31' } },
    patchAgreement: { params: agreement, body: { signedOn: '2023-03-02' } },
    archiveAgreement: { params: agreement },
    restoreAgreement: { params: agreement },
    listAgreementRevisions: { params: agreement },
    listAmendments: { params: agreement },
    getAmendment: { params: amendment },
    putAmendment: { params: amendment },
    withdrawAmendment: { params: amendment },
    listAmendmentRevisions: { params: amendment },
    listParties: { params: project },
    createParty: { params: project, otherBody: { name: '湘核建', role: 'funder' } },
    getParty: { params: party },
    putParty: { params: party },
    patchParty: { params: party },
    archiveParty: { params: party },
    restoreParty: { params: party },
    listPartyRevisions: { params: party },
    listPartyStages: { params: party },
    getPartyStage: { params: partyStage },
    putPartyStage: { params: partyStage },
    withdrawPartyStage: { params: partyStage },
    listPartyStageRevisions: { params: partyStage },
    listFunding: { params: project },
    getFundingTotals: { params: project },
    createFunding: { params: project, otherBody: { title: '专项资金' } },
    getFunding: { params: funding },
    putFunding: { params: funding },
    patchFunding: { params: funding },
    archiveFunding: { params: funding },
    restoreFunding: { params: funding },
    listFundingRevisions: { params: funding },
    listFundingAmounts: { params: funding },
    getFundingAmount: { params: fundingAmount },
    putFundingAmount: { params: fundingAmount },
    withdrawFundingAmount: { params: fundingAmount },
    listFundingAmountRevisions: { params: fundingAmount },

    getProgress: { params: project, query: 'asOf=2023-06-30' },
    getProgressHistory: { params: project },
    getProgressCurve: { params: project },
    getProgressBar: { params: project },

    getPortfolio: { query: 'asOf=2023-06-30&compareTo=2023-05-31' },
    getPortfolioBoard: {},

    getDeal: { params: project, query: 'asOf=2023-06-30' },
    listDealStages: { params: project },
    getDealStage: { params: dealStage },
    putDealStage: { params: dealStage },
    withdrawDealStage: { params: dealStage },
    listDealStageRevisions: { params: dealStage },
    listDeals: { query: 'within=tianmashan&stage=contractSigned,none' },
    getFunnel: { query: 'asOf=2023-06-30&compareTo=2023-05-31' },
    getFunnelPicture: {},

    listChanges: {},

    listTokens: {},
    createToken: { otherBody: { name: 'another', scopes: ['read'] } },
    getToken: { params: token },
    revokeToken: { params: token },
  };
}
