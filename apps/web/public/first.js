// Runs before anything is painted, so that no page flashes in the wrong colours or direction. A file of its own: the policy allows no inline script.
(() => {
  const read = (name) => {
    try {
      return localStorage.getItem(name);
    } catch {
      return null;
    }
  };
  const root = document.documentElement;
  const theme = read('gatehouse.theme');
  const dark = theme === 'dark' || (theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  root.dataset.mantineColorScheme = dark ? 'dark' : 'light';
  const language = read('gatehouse.language');
  if (language === 'en-XA') root.dir = 'rtl';
})();
