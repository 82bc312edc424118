module.exports = () => {
  throw new Error('a picture would have to be resized here; frames come in the size that the model wants');
};
