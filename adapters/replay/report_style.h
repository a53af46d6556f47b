// SPDX-License-Identifier: Apache-2.0
// How a report looks, on a screen and printed.
#pragma once

#include <string_view>

namespace vigil::replay {

inline constexpr std::string_view kReportStyle = R"(
body{font:15px/1.45 system-ui,sans-serif;color:#1c2733;max-width:860px;margin:2em auto;padding:0 1em}
h1{font-size:1.7em}h2{margin-top:2em;border-bottom:2px solid #d5dde5;padding-bottom:.2em}h3{margin:1.2em 0 .4em}
svg{max-width:100%;height:auto;font:12px system-ui,sans-serif;fill:#1c2733;display:block}
svg .bar{fill:#3b7dbd}svg .delay{fill:#e0a030}svg .fact{fill:#3b7dbd}svg circle.order{fill:#b3372f}
svg text.order{font-weight:600}svg .axis{stroke:#d5dde5}svg .mark{stroke:#b3372f;stroke-dasharray:4 3}
svg .interval{stroke:#1c2733;stroke-width:2}.note,svg .note{color:#5a6b7b;fill:#5a6b7b}
.tiles{display:grid;grid-template-columns:repeat(auto-fill,minmax(180px,1fr));gap:.7em}
.tile{background:#f2f5f8;border-radius:6px;padding:.7em .9em}.tile b{display:block;font-size:1.6em}
table{border-collapse:collapse;width:100%;font-size:.85em}th,td{padding:.25em .5em;text-align:right;
border-bottom:1px solid #e3e8ed;vertical-align:top}th:first-child,td:first-child,.words{text-align:left}
article{border:1px solid #d5dde5;border-radius:6px;padding:.2em 1em .8em;margin:1em 0}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:1em}.pair>div{min-width:0}
details{margin:.3em 0}details details{border-left:3px solid #d5dde5;padding-left:.8em}summary{cursor:pointer}
pre{white-space:pre-wrap;font-size:.8em;background:#f2f5f8;padding:.7em}.none{color:#5a6b7b}
@media print{body{margin:0;max-width:none;font-size:11px}article,svg,tr{break-inside:avoid}h2,h3{break-after:avoid}
::details-content{content-visibility:visible;display:block}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
)";

}  // namespace vigil::replay
