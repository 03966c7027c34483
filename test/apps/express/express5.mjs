import express from 'express';
import serve from './app.cjs';

serve(express, false);
