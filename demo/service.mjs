/**
 * A small shop for the demos: an ordinary Express app that contains no code for metrics.
 * Only the checkout calls another service; all other routes wait for nothing but a simulated database.
 */
import { setTimeout as wait } from 'node:timers/promises';
import express from 'express';
import { startPaymentsProcess } from './payments-process.mjs';

const { SHOP_HOST = 'localhost', SHOP_PORT = 0, SHOP_FIXED, PAYMENTS_URL } = process.env;
const payments = PAYMENTS_URL ?? (await startPaymentsProcess());
/** The payment provider usually answers within 20 ms. */
const PAYMENT_TIMEOUT_MS = 150;
const queryDatabase = (from, to) => wait(from + Math.random() * (to - from));

const app = express();
app.use(express.json());

app.get('/users/:id', async (req, res) => {
  await queryDatabase(1, 6);
  if (req.params.id === '0') return res.status(404).json({ error: 'no such user' });
  res.json({ id: req.params.id, name: 'Ada' });
});

app.get('/products', async (_req, res) => {
  await queryDatabase(4, 14);
  res.json({ products: ['tea', 'coffee', 'cocoa'] });
});

app.post('/orders', async (req, res) => {
  await queryDatabase(8, 25);
  // A bug on purpose: an order without items throws, instead of getting a 400.
  res.status(201).json({ items: req.body.items.length });
});

app.get('/checkout/:cart', async (req, res) => {
  await queryDatabase(1, 4);
  res.json({ cart: req.params.cart, ...(await (SHOP_FIXED ? chargeWithRetry : charge)(req.params.cart)) });
});

async function charge(cart, signal) {
  const headers = { 'idempotency-key': cart };
  return (await fetch(`${payments}/charges`, { method: 'POST', headers, body: cart, signal })).json();
}

/**
 * The fix: after a timeout the call is repeated with the same idempotency key, so that no customer is charged twice.
 */
async function chargeWithRetry(cart) {
  return charge(cart, AbortSignal.timeout(PAYMENT_TIMEOUT_MS)).catch(() => charge(cart));
}

app.use((error, _req, res, _next) => {
  res.status(500).json({ error: error.message });
});

const server = app.listen(SHOP_PORT, SHOP_HOST, (error) => {
  if (error) throw error;
  console.log(`the shop is open at http://${SHOP_HOST}:${server.address().port}`);
});

// The parent process has ended, possibly during the start. Nothing else would end this process, so it ends itself.
process.once('disconnect', () => process.exit());
if (process.connected === false) process.exit();
