require('./app.cjs')(require('express'), false);
