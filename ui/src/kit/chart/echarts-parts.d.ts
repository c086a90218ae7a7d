// Parts of ECharts that come without types; no more of them is said than is used.
declare module "echarts/lib/core/ExtensionAPI.js" {
  const ExtensionAPI: { prototype: object };
  export default ExtensionAPI;
}
declare module "echarts/lib/model/Global.js" {
  const GlobalModel: { prototype: object };
  export default GlobalModel;
}
