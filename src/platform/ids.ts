/** Every command id, once. A unit test holds this table against package.json. */
export const Command = {
  server: {
    connect: 'flowdeck.server.connect',
    forgetCredentials: 'flowdeck.server.forgetCredentials',
    startLocal: 'flowdeck.server.startLocal',
    stopLocal: 'flowdeck.server.stopLocal',
    showStatus: 'flowdeck.server.showStatus',
    openWebUi: 'flowdeck.server.openWebUi',
    showLog: 'flowdeck.server.showLog',
  },
  experiments: {
    refresh: 'flowdeck.experiments.refresh',
    create: 'flowdeck.experiments.create',
    rename: 'flowdeck.experiments.rename',
    delete: 'flowdeck.experiments.delete',
    restore: 'flowdeck.experiments.restore',
    order: 'flowdeck.experiments.order',
    showDeleted: 'flowdeck.experiments.showDeleted',
    hideDeleted: 'flowdeck.experiments.hideDeleted',
    copyId: 'flowdeck.experiments.copyId',
    copyName: 'flowdeck.experiments.copyName',
    copyLink: 'flowdeck.experiments.copyLink',
    openWebUi: 'flowdeck.experiments.openWebUi',
  },
  runs: {
    filter: 'flowdeck.runs.filter',
    clearFilter: 'flowdeck.runs.clearFilter',
    sort: 'flowdeck.runs.sort',
    chooseMetric: 'flowdeck.runs.chooseMetric',
    loadMore: 'flowdeck.runs.loadMore',
    show: 'flowdeck.runs.show',
    clearChecked: 'flowdeck.runs.clearChecked',
    rename: 'flowdeck.runs.rename',
    delete: 'flowdeck.runs.delete',
    restore: 'flowdeck.runs.restore',
    setTag: 'flowdeck.runs.setTag',
    removeTag: 'flowdeck.runs.removeTag',
    copyId: 'flowdeck.runs.copyId',
    copyName: 'flowdeck.runs.copyName',
    copyLink: 'flowdeck.runs.copyLink',
    copyValue: 'flowdeck.runs.copyValue',
    openWebUi: 'flowdeck.runs.openWebUi',
    openTable: 'flowdeck.runs.openTable',
    compare: 'flowdeck.runs.compare',
    reproduce: 'flowdeck.runs.reproduce',
  },
  table: {
    export: 'flowdeck.table.export',
  },
  charts: {
    open: 'flowdeck.charts.open',
  },
  views: {
    save: 'flowdeck.views.save',
    open: 'flowdeck.views.open',
  },
  links: {
    open: 'flowdeck.links.open',
    copy: 'flowdeck.links.copy',
  },
  source: {
    tagRun: 'flowdeck.source.tagRun',
    storeChanges: 'flowdeck.source.storeChanges',
    openAtCommit: 'flowdeck.source.openAtCommit',
    compareWithWorkingTree: 'flowdeck.source.compareWithWorkingTree',
    showCommit: 'flowdeck.source.showCommit',
    fetchCommit: 'flowdeck.source.fetchCommit',
    openOnRemote: 'flowdeck.source.openOnRemote',
    checkOut: 'flowdeck.source.checkOut',
    removeWorktree: 'flowdeck.source.removeWorktree',
    diffRuns: 'flowdeck.source.diffRuns',
    runsAtHead: 'flowdeck.source.runsAtHead',
    runsOfCommit: 'flowdeck.source.runsOfCommit',
    runsOfBranch: 'flowdeck.source.runsOfBranch',
    runsOfFile: 'flowdeck.source.runsOfFile',
    runsOfEntryPoint: 'flowdeck.source.runsOfEntryPoint',
    bisectMetric: 'flowdeck.source.bisectMetric',
  },
  models: {
    refresh: 'flowdeck.models.refresh',
    openRun: 'flowdeck.models.openRun',
    copyUri: 'flowdeck.models.copyUri',
    copyName: 'flowdeck.models.copyName',
    openWebUi: 'flowdeck.models.openWebUi',
    reveal: 'flowdeck.models.reveal',
    loadMore: 'flowdeck.models.loadMore',
  },
  artifacts: {
    open: 'flowdeck.artifacts.open',
    download: 'flowdeck.artifacts.download',
    copyUri: 'flowdeck.artifacts.copyUri',
  },
  projects: {
    refresh: 'flowdeck.projects.refresh',
    runEntryPoint: 'flowdeck.projects.runEntryPoint',
    runWithOptions: 'flowdeck.projects.runWithOptions',
    debugEntryPoint: 'flowdeck.projects.debugEntryPoint',
    runRepository: 'flowdeck.projects.runRepository',
    openFile: 'flowdeck.projects.openFile',
    runWithDefaults: 'flowdeck.projects.runWithDefaults',
    runFile: 'flowdeck.projects.runFile',
    runFolder: 'flowdeck.projects.runFolder',
  },
  verdict: {
    show: 'flowdeck.verdict.show',
    save: 'flowdeck.verdict.save',
    saveAs: 'flowdeck.verdict.saveAs',
    compare: 'flowdeck.verdict.compare',
    judgeAgain: 'flowdeck.verdict.judgeAgain',
  },
} as const;

type Values<T> = T[keyof T];
export type CommandId = Values<{ [Domain in keyof typeof Command]: Values<(typeof Command)[Domain]> }>;

/** Context keys that `when` clauses of package.json read. */
export const ContextKey = {
  /** none | connecting | connected | failed */
  connection: 'flowdeck.connection',
  readOnly: 'flowdeck.readOnly',
  localStoreFound: 'flowdeck.localStoreFound',
  /** stopped | starting | running */
  localServer: 'flowdeck.localServer',
  runsFiltered: 'flowdeck.runs.filtered',
  runsChecked: 'flowdeck.runs.checked',
  deletedShown: 'flowdeck.experiments.deletedShown',
} as const;

export const ViewId = {
  experiments: 'flowdeck.experiments',
  run: 'flowdeck.run',
  models: 'flowdeck.models',
  projects: 'flowdeck.projects',
} as const;

/** Types of webview panels. */
export const PanelType = {
  runs: 'flowdeck.runs',
  launch: 'flowdeck.launch',
} as const;

/** Of tasks in tasks.json. */
export const taskType = 'flowdeck';
