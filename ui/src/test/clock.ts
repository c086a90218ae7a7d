/**
 * The clock of a test run: it goes on as clocks do, from one moment on that is the same on each
 * day. What is shown for 今天 at half past midnight is one hour long, and on the first of a month
 * "this month" is a day: a test that counts rows must not depend on when it is run.
 *
 * `LINGTAI_TEST_AT` (an ISO 8601 moment, as `2026-01-01T00:10+08:00`) begins elsewhere, by which
 * the tests are tried at other hours.
 */
const USUAL = "2026-11-25T15:20:00+08:00";

const begin = Date.parse(process.env.LINGTAI_TEST_AT ?? USUAL);
if (Number.isNaN(begin)) throw new Error("LINGTAI_TEST_AT is not an ISO 8601 moment");

const Wall = Date;
const ahead = begin - Wall.now();

class Shifted extends Wall {
  constructor(...given: [] | [number | string | Date] | [number, number]) {
    if (given.length === 0) super(Wall.now() + ahead);
    else super(...(given as [number]));
  }
  static override now() {
    return Wall.now() + ahead;
  }
}

globalThis.Date = Shifted as DateConstructor;
