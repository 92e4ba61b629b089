import type { CalendarDate } from '../../shared/calendar-date.ts';
import type { FundingStatus } from '../funding/index.ts';
import type { DealStage } from '../parties/index.ts';
import type { PictureLocale } from '../pictures/index.ts';

interface FunnelWords {
  stages: Record<DealStage | 'none', string>;
  funding: Record<FundingStatus, string>;
  title(name: string): string;
  everything: string;
  stage: string;
  funnel: string;
  deals: string;
  reached: string;
  conversion: string;
  parties: string;
  days: string;
  unknownAges: string;
  amount: string;
  money(currency: string): string;
  nothing: string;
  nothingSaid: string;
  noMoney: string;
  asOf(date: CalendarDate): string;
  count(deals: number): string;
  listed: string;
  currencies(count: number): string;
  setByHand(deals: number): string;
  more(currencies: number): string;
  separator: string;
  stop: string;
}

export const funnelWords: Record<PictureLocale, FunnelWords> = {
  zh: {
    stages: {
      lead: '线索',
      inTalks: '洽谈中',
      frameworkSigned: '已签框架协议',
      contractSigned: '已签合同',
      funded: '资金到位',
      started: '已开工',
      operating: '已运营',
      lapsed: '已中止',
      none: '阶段未知',
    },
    funding: { sought: '争取中', committed: '已承诺', arrived: '已到位', withdrawn: '已撤回' },
    title: (name) => `${name} · 合作项目漏斗`,
    everything: '全部',
    stage: '阶段',
    funnel: '实心现有，外框曾到达',
    deals: '现有',
    reached: '曾到达',
    conversion: '转化率',
    parties: '合作方',
    days: '中位天数',
    unknownAges: '天数未知',
    amount: '签约金额',
    money: (currency) => `资金（${currency === 'CNY' ? '人民币' : currency}）`,
    nothing: '没有合作项目',
    nothingSaid: '未提及',
    noMoney: '没有资金信息',
    asOf: (date) => `截至${date}`,
    count: (deals) => `共${deals}个合作项目`,
    listed: '、',
    currencies: (count) => `${count}种货币`,
    setByHand: (deals) => `* 含人工设定阶段的项目，共${deals}个。`,
    more: (currencies) => `另有${currencies}种货币未列出`,
    separator: '，',
    stop: '。',
  },
  en: {
    stages: {
      lead: 'lead',
      inTalks: 'in talks',
      frameworkSigned: 'framework signed',
      contractSigned: 'contract signed',
      funded: 'funded',
      started: 'started',
      operating: 'operating',
      lapsed: 'lapsed',
      none: 'stage unknown',
    },
    funding: { sought: 'sought', committed: 'committed', arrived: 'arrived', withdrawn: 'taken back' },
    title: (name) => `${name} · deal funnel`,
    everything: 'All',
    stage: 'stage',
    funnel: 'filled: now, frame: ever',
    deals: 'now',
    reached: 'reached',
    conversion: 'to next',
    parties: 'parties',
    days: 'median days',
    unknownAges: 'unknown',
    amount: 'signed',
    money: (currency) => `money (${currency})`,
    nothing: 'no deals',
    nothingSaid: 'nothing said',
    noMoney: 'no money is spoken of',
    asOf: (date) => `as of ${date}`,
    count: (deals) => `${deals} ${deals === 1 ? 'deal' : 'deals'}`,
    listed: '; ',
    currencies: (count) => `${count} currencies`,
    setByHand: (deals) => `* with deals whose stage was set by hand, ${deals} in all.`,
    more: (currencies) => `and ${currencies} more ${currencies === 1 ? 'currency' : 'currencies'}`,
    separator: ', ',
    stop: '. ',
  },
};
