import express from 'express4';
import serve from './app.cjs';

serve(express, true);
