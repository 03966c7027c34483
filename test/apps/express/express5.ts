import express from 'express';
import serve from './app.cjs';

const is4: boolean = false;
serve(express, is4);
