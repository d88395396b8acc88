/** Points that a plot draws at most; beyond, the eye sees no more and the page becomes slow. */
const MOST_POINTS = 2000;

/**
 * Rows [time, values…] of the samples from `low` to `high`, with one to either side.
 *
 * Of more samples than `limit` the extremes are kept: a bucket of them becomes two rows, with the
 * least and the greatest value of each column in the order in which they came.
 *
 * A line is broken where samples are missing for longer than `gap`, and where an angle jumps by
 * more than half a turn.
 */
function rowsBetween(time, columns, low, high, options = {}) {
  const { gap = Infinity, isAngle = false, limit = MOST_POINTS } = options;
  const first = Math.max(0, lowerBound(time, low) - 1);
  const end = Math.min(time.length, lowerBound(time, high) + 2);
  const count = end - first;
  if (count <= 0) return [];
  const rows = [];
  const push = (row) => {
    const last = rows.at(-1);
    if (last) {
      const isApart = row[0] - last[0] > gap;
      if (isApart || (isAngle && Math.abs(row[1] - last[1]) > Math.PI)) {
        rows.push([(last[0] + row[0]) / 2, ...columns.map(() => NaN)]);
      }
    }
    rows.push(row);
  };
  if (count <= limit) {
    for (let i = first; i < end; i++) push([time[i], ...columns.map((column) => column[i])]);
    return rows;
  }
  const buckets = Math.floor(limit / 2);
  for (let bucket = 0; bucket < buckets; bucket++) {
    const from = first + Math.floor((count * bucket) / buckets);
    const to = first + Math.floor((count * (bucket + 1)) / buckets);
    const extremes = columns.map((column) => extremesOf(column, from, to));
    push([time[from], ...extremes.map((pair) => pair[0])]);
    if (to - from > 1) rows.push([time[to - 1], ...extremes.map((pair) => pair[1])]);
  }
  return rows;
}

/** Rows of two sets of columns by time; null where one of them has no sample. */
function mergedRows(left, right) {
  const rows = [];
  const missing = (some) => (some[0] ?? [0]).slice(1).map(() => null);
  const [noLeft, noRight] = [missing(left), missing(right)];
  for (let i = 0, j = 0; i < left.length || j < right.length;) {
    const [a, b] = [left[i]?.[0] ?? Infinity, right[j]?.[0] ?? Infinity];
    rows.push([
      Math.min(a, b), ...(a <= b ? left[i].slice(1) : noLeft),
      ...(b <= a ? right[j].slice(1) : noRight),
    ]);
    if (a <= b) i++;
    if (b <= a) j++;
  }
  return rows;
}

/** The least and the greatest value, in the order in which they came. */
function extremesOf(column, from, to) {
  let least = -1;
  let greatest = -1;
  for (let i = from; i < to; i++) {
    if (!Number.isFinite(column[i])) continue;
    if (least < 0 || column[i] < column[least]) least = i;
    if (greatest < 0 || column[i] > column[greatest]) greatest = i;
  }
  if (least < 0) return [NaN, NaN];
  return least <= greatest ? [column[least], column[greatest]] : [column[greatest], column[least]];
}
