import { createRoot } from 'react-dom/client';
import './parts/tokens.css';
import './parts/base.css';
import { Frame } from './frame/frame.tsx';
import { startPage } from './start.ts';
import { suitWindow } from './state/view.ts';

suitWindow(window.innerWidth, window.innerHeight);
startPage();
createRoot(document.getElementById('root')!).render(<Frame />);
