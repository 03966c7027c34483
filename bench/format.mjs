// Figures as text: the median, and behind it the 95 % confidence interval of that median.

const digits = (value) => (Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0);

export const number = (value) => value.toFixed(digits(value));

const signed = (value) => (value >= 0 ? '+' : '') + number(value);

function write(summary, unit, text) {
  const { median, low, high, n } = summary;
  return n < 3 ? `${text(median)} ${unit}` : `${text(median)} ${unit} (${text(low)} to ${text(high)})`;
}

/** A figure of its own: `5.10 ms (4.90 to 5.60)`. */
export const plain = (summary, unit) => write(summary, unit, number);

/** A difference against bare: `+0.42 us (+0.20 to +0.61)`. */
export const added = (summary, unit) => write(summary, unit, signed);
