/** What the page tells; the series of an episode are unpacked when it is shown. */
const report = JSON.parse(document.getElementById("report").textContent);

/** The bytes of a data block of the page. */
function bytesOf(id) {
  const text = document.getElementById(id).textContent;
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text).buffer;
  const packed = atob(text);
  const bytes = new Uint8Array(packed.length);
  for (let i = 0; i < packed.length; i++) bytes[i] = packed.charCodeAt(i);
  return bytes.buffer;
}

/** Columns over a common time; `perPoint` samples are behind a row, 1 where all are there. */
class Table {
  constructor(buffer, layout) {
    let offset = layout.offset;
    this.time = new Float64Array(buffer, offset, layout.rows);
    offset += 8 * layout.rows;
    this.columns = new Map();
    for (const name of layout.columns) {
      this.columns.set(name, new Float32Array(buffer, offset, layout.rows));
      offset += 8 * Math.ceil(layout.rows / 2);
    }
    this.perPoint = layout.perPoint;
  }
}

/** The tables of an episode by name: observation, action, tick. */
function tablesOf(episode) {
  if (!episode.tables) return {};
  const buffer = bytesOf(`series-${episode.index}`);
  return Object.fromEntries(
    episode.tables.map((layout) => [layout.name, new Table(buffer, layout)]));
}

const robotOf = (episode) => report.robots[episode.robot] ?? null;

/** First index at which an ascending array is at least `value`. */
function lowerBound(array, value) {
  let low = 0;
  let high = array.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (array[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
