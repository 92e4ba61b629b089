import type { Client } from './client.ts';

/** The organizations of 天马山街道 and its partners, as published in the first half of 2023; parents first. */
export const organizationsOfTianmashan = [
  { id: 'yanfeng', name: '雁峰区', kind: 'authority', parentId: null },
  { id: 'tianmashan', name: '天马山街道', kind: 'authority', parentId: 'yanfeng' },
  { id: 'suyanjing', name: '苏眼井社区', kind: 'community', parentId: 'tianmashan' },
  { id: 'xiaojiashan', name: '肖家山社区', kind: 'community', parentId: 'tianmashan' },
  { id: 'shenglishan', name: '胜利山社区', kind: 'community', parentId: 'tianmashan' },
  { id: 'yueping', name: '岳屏社区', kind: 'community', parentId: 'tianmashan' },
  { id: 'xianghejian', name: '湘核建', kind: 'company', parentId: null },
  { id: 'dayang', name: '大洋百货', kind: 'company', parentId: null },
  { id: 'yuyuan', name: '宇元万向城物业联盟', kind: 'company', parentId: null },
] as const;

/** Sends the organizations to an app; they are there when this resolves. */
export async function settleTianmashan(admin: Client): Promise<void> {
  for (const organization of organizationsOfTianmashan) {
    const answer = await admin.put(`/v1/organizations/${organization.id}`, organization);
    if (answer.status >= 300) throw new Error(answer.text);
  }
}

/** The renovation of the estate of 岳屏社区 with its three zones, and what was reported of it by mid-2023. */
export async function settleYuepingRenovation(admin: Client): Promise<void> {
  const project = '/v1/projects/yueping-estate-renovation';
  const answers = [
    await admin.put(project, {
      title: '岳屏社区老旧小区改造项目',
      kind: 'project',
      category: 'old-estate-renovation',
      status: 'implementation',
      organizationId: 'yueping',
      quantities: [
        { code: 'households', value: 563, unit: '户' },
        { code: 'buildings', value: 17, unit: '栋' },
        { code: 'floor-area', value: 30000, unit: 'm²' },
      ],
    }),
    ...(await inTurn(['a', 'b', 'c'], (zone) =>
      admin.put(`/v1/projects/yueping-zone-${zone}`, {
        title: `${zone.toUpperCase()}区`,
        kind: 'component',
        organizationId: 'yueping',
        parentId: 'yueping-estate-renovation',
      }),
    )),
    await admin.put(`${project}/reports/2023-06-30`, { stated: '85%以上' }),
  ];
  const failed = answers.find((answer) => answer.status >= 300);
  if (failed !== undefined) throw new Error(failed.text);
}

async function inTurn<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>) {
  const results: Result[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}
