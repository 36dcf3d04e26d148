// Leaflet as far as a map of ours, Folium's script and the locate button use it. Pictures on the
// ground, GeoJSON, tooltips and WMS are left out. The build makes it the global L.
import { Control, control } from "leaflet/src/control/Control";
import { Layers, layers } from "leaflet/src/control/Control.Layers";
import { Scale, scale } from "leaflet/src/control/Control.Scale";
import { Zoom, zoom } from "leaflet/src/control/Control.Zoom";
import { SVG, create, pointsToPath, svg } from "leaflet/src/layer/vector/SVG";
import "leaflet/src/layer/vector/Renderer.getRenderer";

Object.assign(Control, { Layers, Scale, Zoom });
Object.assign(control, { layers, scale, zoom });
Object.assign(SVG, { create, pointsToPath });

export { Control, control, SVG, svg };
export * from "leaflet/src/core/index";
export * from "leaflet/src/dom/index";
export * from "leaflet/src/geometry/index";
export * from "leaflet/src/geo/index";
export * from "leaflet/src/layer/FeatureGroup";
export * from "leaflet/src/layer/Layer";
export * from "leaflet/src/layer/LayerGroup";
export * from "leaflet/src/layer/Popup";
export * from "leaflet/src/layer/marker/index";
export * from "leaflet/src/layer/tile/GridLayer";
export * from "leaflet/src/layer/tile/TileLayer";
export * from "leaflet/src/layer/vector/Circle";
export * from "leaflet/src/layer/vector/CircleMarker";
export * from "leaflet/src/layer/vector/Path";
export * from "leaflet/src/map/index";
