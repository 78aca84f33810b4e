// Every word of the pages, in both languages. The two lists have the same keys (a test sees to it).
export const WORDS = {
  zh: {
    sheet: "编码表", progress: "进度", tools: "工具", codebook: "编码手册", theme: "浅色/深色", assisted: "辅助模式",
    postText: "推文", marksShown: "方框中是文本里原本看不见的控制字符。", yourCoding: "你的编码", code: "编码",
    secondary: "次要编码", form: "形式", certainty: "把握", unsure: "没把握", rule: "依据规则", note: "备注",
    back: "上一条", forward: "下一条", undo: "撤销", goto: "跳到", skip: "跳过", next: "下一条未编", close: "关闭",
    search: "搜索", gotoWhere: "序号或 post_id", go: "前往", none: "无", na: "无法编码 (NA)",
    place: "第 {at} / {of} 条", done: "{done} / {of} 已编", skipped: "跳过 {n}", pace: "每条 {t}", left: "约剩 {t}",
    saved: "已保存", saving: "保存中…", notSaved: "尚未保存:服务没有应答,正在重试。请不要关闭此页。",
    needCode: "请先选择编码(按数字键),或按 S 跳过。", undone: "已撤销", nothingToUndo: "没有可撤销的操作",
    finished: "全部编完了", finishedText: "共 {of} 条:{coded} 条已编码,{na} 条 NA,{unsure} 条没把握。每条用时(中位数){t}。",
    download: "下载我的编码 (CSV)", review: "回去检查", stop: "完成并关闭", stopped: "已关闭,可以关掉此页。编码都在编码表旁边的文件里。",
    noSession: "会话已结束或链接不完整。请重新打开终端里显示的完整链接。", wrongLink: "这个链接无效。请重新打开终端里显示的完整链接。",
    refused: "服务拒绝了这一步({why}),没有改动任何内容。", stateSkipped: "已跳过", stateOpen: "未编",
    definition: "定义", counts: "算", excludes: "不算", rules: "边界规则", examples: "例子", forms: "形式", procedure: "编码步骤",
    keys: "按键", border: "边界例", question: "读者的问题", message: "【网友留言】", reply: "【官方答复】",
    account: "账号", platform: "平台", published: "发布时间", suggestion: "机器建议:{code}", tieBreak: "相持时的先后",
    findOpen: "下一条未编", findSkipped: "下一条跳过的", findUnsure: "下一条没把握的", findNoted: "下一条有备注的", findNa: "下一条 NA",
    notFound: "没有这样的推文。", chooseForm: "选择形式", chooseRule: "选择依据的规则", chooseFormFirst: "请先选择编码。",
    noForms: "此编码没有形式。", autoNext: "按数字键后自动到下一条", keysOn: "使用单键快捷键", said: "{what},已保存", hard: "固定", soft: "默认",
    seconds: "{n} 秒", minutes: "{n} 分钟", hours: "{h} 小时 {m} 分", keyCode: "选择编码", keySecondary: "次要编码(再按一次取消)",
    keyNa: "无法编码 (NA)", keyNext: "下一条未编", keyMove: "上一条 / 下一条", keyHelp: "编码手册;打开后按数字键看各编码", keyEsc: "关闭窗口,离开备注",
    toggleSure: "有把握 / 没把握", adjudication: "裁定", supervision: "进度与信度", filterState: "显示", filterRule: "规则", filterCode: "编码",
    stateUndecided: "未裁定", stateDecided: "已裁定", stateAll: "全部", any: "任意", coder: "编码员", decide: "裁定", noRule: "没有适用的规则",
    moreFields: "次要、形式、把握、规则、备注…", needRule: "请引用一条规则;若无规则适用,选“没有适用的规则”并写明理由。", needReason: "没有适用的规则时,请在备注里写明理由。", discussion: "讨论", addRemark: "发言",
    decided: "已裁定 {done} / {of} 条分歧", noDisagreement: "按此筛选没有分歧。", allAgreed: "没有分歧。", downloadGold: "下载标准编码 (CSV)",
    refresh: "刷新", byCoder: "各编码员", coded: "已编", naShort: "NA", unsureShort: "没把握", skippedShort: "跳过",
    remaining: "剩余", perPost: "每条用时", estLeft: "估计还需", latest: "最近一次", alphaTitle: "信度(Krippendorff α,重叠部分)", overlap: "两人以上编过的推文:{n} 条",
    overall: "总体", value: "α", interval: "95% 区间", gate: "门槛", verdict: "判断", ok: "达到", alarm: "低于门槛", notYet: "数据还不够", drift: "漂移",
    driftNote: "把每位编码员编过的重叠推文按先后分成三段:与他人的一致率,以及给出的编码有没有变化。p 小于 .05 时请复训。", shares: "各编码员给出的编码占比", alarmText: "警报:“{what}”的 α 区间下限低于门槛 {gate}。请停下来重新培训,再抽新样本。",
    noAlarm: "目前没有编码低于门槛。", agreement: "一致率", asOf: "截至 {t}", oneAtLeast: "至少两位编码员编过同一批推文后,这里才有数字。", posts: "推文", chooseCode: "请选择编码。",
    jumpTo: "选择推文", nobody: "还没有人开始编码。", hidden: "账号不显示", change: "变化", assistedShort: "辅助",
  },
  en: {
    sheet: "Sheet", progress: "Progress", tools: "Tools", codebook: "Codebook", theme: "Light or dark", assisted: "Assisted",
    postText: "Post", marksShown: "Boxes show control characters that are invisible in the text.", yourCoding: "Your coding", code: "Code",
    secondary: "Secondary", form: "Form", certainty: "Certainty", unsure: "Unsure", rule: "Rule", note: "Note",
    back: "Back", forward: "Forward", undo: "Undo", goto: "Go to", skip: "Skip", next: "Next open", close: "Close",
    search: "Search", gotoWhere: "Number or post_id", go: "Go", none: "none", na: "Cannot be coded (NA)",
    place: "Post {at} of {of}", done: "{done} of {of} coded", skipped: "{n} skipped", pace: "{t} per post", left: "about {t} left",
    saved: "Saved", saving: "Saving…", notSaved: "Not saved yet: the server does not answer, trying again. Please keep this page open.",
    needCode: "Choose a code first (a number key), or skip with S.", undone: "Undone", nothingToUndo: "Nothing to undo",
    finished: "All posts are coded", finishedText: "{of} posts: {coded} coded, {na} NA, {unsure} unsure. Median time per post: {t}.",
    download: "Download my codings (CSV)", review: "Go back and check", stop: "Finish and close", stopped: "Closed; you may leave this page. Your codings are in the file beside the sheet.",
    noSession: "The session has ended or the link is incomplete. Open the whole link shown in the terminal again.", wrongLink: "This link is not valid. Open the whole link shown in the terminal again.",
    refused: "The server refused this step ({why}); nothing was changed.", stateSkipped: "skipped", stateOpen: "not coded",
    definition: "Definition", counts: "Counts", excludes: "Does not count", rules: "Border rules", examples: "Examples", forms: "Forms", procedure: "Procedure",
    keys: "Keys", border: "border case", question: "The reader’s question", message: "Citizen’s message", reply: "Official reply",
    account: "Account", platform: "Platform", published: "Published", suggestion: "Machine suggests: {code}", tieBreak: "Tie-break order",
    findOpen: "Next open", findSkipped: "Next skipped", findUnsure: "Next unsure", findNoted: "Next with note", findNa: "Next NA",
    notFound: "There is no such post.", chooseForm: "Choose the form", chooseRule: "Choose the rules you applied", chooseFormFirst: "Choose a code first.",
    noForms: "This code has no forms.", autoNext: "Go on after a number key", keysOn: "Use single-key shortcuts", said: "{what}, saved", hard: "fixed", soft: "default",
    seconds: "{n} s", minutes: "{n} min", hours: "{h} h {m} min", keyCode: "choose the code", keySecondary: "secondary code (again to clear)",
    keyNa: "cannot be coded (NA)", keyNext: "next open post", keyMove: "one post back / forward", keyHelp: "codebook; number keys then show each code", keyEsc: "close a window, leave the note",
    toggleSure: "sure / unsure", adjudication: "Adjudication", supervision: "Progress and reliability", filterState: "Show", filterRule: "Rule", filterCode: "Code",
    stateUndecided: "undecided", stateDecided: "decided", stateAll: "all", any: "any", coder: "Coder", decide: "Decide", noRule: "No rule applies",
    moreFields: "Secondary, form, certainty, rule, note…", needRule: "Cite a rule; if none applies, choose “No rule applies” and give the reason.", needReason: "Where no rule applies, give the reason in the note.", discussion: "Discussion", addRemark: "Add",
    decided: "{done} of {of} disagreements decided", noDisagreement: "No disagreement fits these filters.", allAgreed: "No disagreements.", downloadGold: "Download gold (CSV)",
    refresh: "Refresh", byCoder: "By coder", coded: "Coded", naShort: "NA", unsureShort: "Unsure", skippedShort: "Skipped",
    remaining: "Remaining", perPost: "Per post", estLeft: "Time left", latest: "Latest", alphaTitle: "Reliability (Krippendorff’s α on the overlap)", overlap: "Posts coded by two or more: {n}",
    overall: "Overall", value: "α", interval: "95% interval", gate: "Gate", verdict: "Verdict", ok: "met", alarm: "under the gate", notYet: "not enough yet", drift: "Drift",
    driftNote: "Each coder’s overlap posts in three parts, in the order of coding: agreement with the others, and whether the codes given have moved. Where p is under .05, train again.", shares: "Share of each code, by coder", alarmText: "Alarm: the lower bound of α for {what} is under the gate of {gate}. Stop, train again, then draw a new sample.",
    noAlarm: "No code is under the gate at present.", agreement: "Agreement", asOf: "As of {t}", oneAtLeast: "Figures appear once two coders have coded the same posts.", posts: "Posts", chooseCode: "Choose a code.",
    jumpTo: "Choose a post", nobody: "Nobody has begun.", hidden: "account hidden", change: "Change", assistedShort: "Assisted",
  },
};

let language = "zh";

export function setLanguage(wanted) {
  language = wanted in WORDS ? wanted : "zh";
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
}

export function getLanguage() {
  return language;
}

export function t(key, values = {}) {
  return WORDS[language][key].replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

// A wording of the codebook in the page's language, else in any it has.
export function wording(text) {
  return text[language] || Object.values(text)[0] || "";
}

export function duration(seconds) {
  if (seconds === null || seconds === undefined) return "–";
  if (seconds < 100) return t("seconds", { n: seconds < 10 ? seconds.toFixed(1) : Math.round(seconds) });
  const minutes = Math.round(seconds / 60);
  if (minutes < 100) return t("minutes", { n: minutes });
  return t("hours", { h: Math.floor(minutes / 60), m: minutes % 60 });
}
