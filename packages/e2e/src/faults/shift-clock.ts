// Loaded by `node --import` into a process whose clock is to be wrong; never by the product. Timers and `performance.now()` go on as before.
const shift = Number(process.env.GATEHOUSE_CLOCK_SHIFT_MS);
if (!Number.isInteger(shift)) throw new Error('GATEHOUSE_CLOCK_SHIFT_MS is a whole number');

const Real = Date;
const now = () => Real.now() + shift;
globalThis.Date = new Proxy(Real, {
  construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as Date,
  apply: () => new Real(now()).toString(),
  get: (target, key, receiver) => (key === 'now' ? now : (Reflect.get(target, key, receiver) as unknown)),
});
const origin = performance.timeOrigin;
Object.defineProperty(performance, 'timeOrigin', { get: () => origin + shift });
