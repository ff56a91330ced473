/** The theme of VitePress, with room for what terminals print. */
import theme from 'vitepress/theme';
import './style.css';

export default theme;
