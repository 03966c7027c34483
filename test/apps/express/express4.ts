import express from 'express4';
import serve from './app.cjs';

const is4: boolean = true;
serve(express, is4);
