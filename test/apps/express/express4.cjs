require('./app.cjs')(require('express4'), true);
