// The desktop freezes the prototype of all objects. ECharts copies the names of two classes into plain
// objects, their constructor with them, which cannot be assigned there then. So these two do not list it.
import ExtensionAPI from "echarts/lib/core/ExtensionAPI.js";
import GlobalModel from "echarts/lib/model/Global.js";

for (const { prototype } of [GlobalModel, ExtensionAPI])
  Object.defineProperty(prototype, "constructor", { enumerable: false });
