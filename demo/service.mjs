/**
 * A small shop, for practice: an ordinary Express app that does not know it is measured.
 * Everything but the checkout waits for nothing slower than a pretended database.
 */
import { setTimeout as wait } from 'node:timers/promises';
import express from 'express';

const { SHOP_HOST = 'localhost', SHOP_PORT = 0, SHOP_FIXED, PAYMENTS_URL: payments } = process.env;
/** Milliseconds; the payment provider answers within 20 as a rule. */
const PATIENCE = 150;
const database = (from, to) => wait(from + Math.random() * (to - from));

const app = express();
app.use(express.json());

app.get('/users/:id', async (req, res) => {
  await database(1, 6);
  if (req.params.id === '0') return res.status(404).json({ error: 'no such user' });
  res.json({ id: req.params.id, name: 'Ada' });
});

app.get('/products', async (_req, res) => {
  await database(4, 14);
  res.json({ products: ['tea', 'coffee', 'cocoa'] });
});

app.post('/orders', async (req, res) => {
  await database(8, 25);
  // The bug of this shop: an order without items is not refused but crashes.
  res.status(201).json({ items: req.body.items.length });
});

app.get('/checkout/:cart', async (req, res) => {
  await database(1, 4);
  res.json({ cart: req.params.cart, ...(await (SHOP_FIXED ? chargeSoon : charge)(req.params.cart)) });
});

async function charge(cart, signal) {
  const headers = { 'idempotency-key': cart };
  return (await fetch(`${payments}/charges`, { method: 'POST', headers, body: cart, signal })).json();
}

/** The fix: whoever is not answered soon asks again, under the same key, so that nobody is charged twice. */
async function chargeSoon(cart) {
  return charge(cart, AbortSignal.timeout(PATIENCE)).catch(() => charge(cart));
}

app.use((error, _req, res, _next) => {
  res.status(500).json({ error: error.message });
});

const server = app.listen(SHOP_PORT, SHOP_HOST, (error) => {
  if (error) throw error;
  console.log(`the shop is open at http://${SHOP_HOST}:${server.address().port}`);
});

// Whoever started it is gone, or went while it was starting: nobody would ever end it.
process.once('disconnect', () => process.exit());
if (process.connected === false) process.exit();
