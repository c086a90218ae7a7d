/** WebKitGTK: what the window is drawn with on Linux. Chromium names itself there as well. */
const isWebKitGtk = (agent: string): boolean =>
  agent.includes("AppleWebKit") && /Linux|X11/.test(agent) && !/Chrom|Android/.test(agent);

/** Tells the style sheets of an engine whose faults they work around. */
export function markEngine(agent = navigator.userAgent): void {
  if (isWebKitGtk(agent)) document.documentElement.dataset.engine = "webkitgtk";
}
